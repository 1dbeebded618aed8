/**
 * How a user's venues are reached: the YAML of `--venues FILE`, by the venue's name. What is not said is the venue's live address.
 *
 *     kraken:
 *       environment: live            # or one for testing that the venue has
 *       addresses: { rest: http://127.0.0.1:8703, feed: ws://127.0.0.1:8703/v2, orders: ws://127.0.0.1:8703/v2 }
 *       credentials: { vault: kraken }          # or { env: KRAKEN } (KRAKEN_KEY, KRAKEN_SECRET, …), or { dir: /etc/keys/kraken } (files key, secret, …)
 *       pins: { mode: enforce, sha256: [base64 of SHA-256 of the SPKI, …] }
 *       ca: ./test-authority.pem     # certificates that are trusted beside the system's
 *       redundant: true
 *       budgetShare: 0.8
 *       orderRate: { perSecond: 0.9, burst: 26 }   # what the account's tier allows, where it is more than the venue's least
 *       silenceMs: 15000
 *       bookAgeMs: 60000
 *       quoteLagMs: 5000
 */
import { z } from 'zod';

const origin = z.url({ protocol: /^(https?|wss?)$/u });

export const venueSettings = z.strictObject({
  environment: z.string().default('live'),
  addresses: z.strictObject({ rest: origin, feed: origin, orders: origin }).partial().default({}),
  credentials: z
    .union([
      z.strictObject({ vault: z.string().min(1) }),
      z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/u) }),
      z.strictObject({ dir: z.string().min(1) }),
    ])
    .exactOptional(),
  pins: z
    .strictObject({
      /** Report: a connection whose key is none of these is made, and told of. */
      mode: z.enum(['enforce', 'report']),
      sha256: z.array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/u)).min(1),
    })
    .exactOptional(),
  /** A file of certificates (PEM) that are trusted beside the system's: a test venue's own authority. */
  ca: z.string().exactOptional(),
  /** Two connections for market data, of which the first with a message wins. */
  redundant: z.boolean().default(false),
  /** The share of the venue's limits that is ours. */
  budgetShare: z.number().positive().max(1).default(0.8),
  /** Requests for orders that may be planned, of an account whose tier allows more (or less) than the venue's lowest. */
  orderRate: z.strictObject({ perSecond: z.number().positive(), burst: z.number().int().positive() }).exactOptional(),
  /** A connection over which nothing is heard for so long, not even an answer to a ping, is given up. */
  silenceMs: z.number().int().min(100).max(600_000).default(15_000),
  /** A book of which nothing was heard for so long is not believed. */
  bookAgeMs: z.number().int().min(100).default(60_000),
  /** So long may the best quote that the venue publishes differ from the book, where the two streams are not in step. */
  quoteLagMs: z.number().int().min(100).default(5000),
});
export type VenueSettings = z.output<typeof venueSettings>;

export const venuesFile = z.record(z.string(), venueSettings);
export type VenuesFile = z.output<typeof venuesFile>;

/**
 * What the exchange writes for its customers: the file of all keys, and a file for `--venues` of our own sessions with the keys of the first
 * account in a folder beside it. Whoever has a key may trade, so they are readable by their owner alone.
 */
import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { ExchangeKey } from './contract.ts';

/** A venue as our own sessions know it: its live addresses, whose paths are the face's too, and what its key consists of. */
export interface KnownVenue {
  readonly addresses: Readonly<Record<'rest' | 'feed' | 'orders', string>>;
  readonly fields: readonly {
    readonly name: string;
    readonly isOptional: boolean;
    readonly check: (value: string) => string;
  }[];
}

export interface ServedKeys {
  readonly venue: string;
  readonly port: number;
  readonly keys: readonly ExchangeKey[];
}

/** JSON: by venue, its address and a key for each account. */
export function writeKeys(path: string, venues: readonly ServedKeys[]): void {
  const content = Object.fromEntries(
    venues.map(({ venue, port, keys }) => [
      venue,
      {
        rest: `http://127.0.0.1:${port}`,
        websocket: `ws://127.0.0.1:${port}`,
        keys: keys.map(({ account, key, secret, passphrase, ecPrivate, edPrivate }) => ({
          account,
          key,
          secret,
          passphrase,
          ecPrivate,
          // The older form (RFC 5915), as Coinbase gives it to its customers and some clients want it.
          ecPrivateSec1: createPrivateKey(ecPrivate).export({ type: 'sec1', format: 'pem' }).toString(),
          edPrivate,
        })),
      },
    ]),
  );
  writeSecret(path, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** @param known undefined for a venue that our sessions do not know: it is left out */
export function writeVenues(
  path: string,
  venues: readonly ServedKeys[],
  known: (venue: string) => KnownVenue | undefined,
): void {
  const folder = `${resolve(path).replace(/\.ya?ml$/u, '')}-keys`;
  const content: Record<string, object> = {};
  for (const { venue, port, keys } of venues) {
    const own = known(venue);
    const [key] = keys;
    if (own === undefined || key === undefined) continue;
    const { rest, feed, orders } = own.addresses;
    const dir = join(folder, venue);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const field of own.fields) {
      const value = valueOf(field, key);
      if (value !== undefined) writeSecret(join(dir, field.name), value);
    }
    const addresses = { rest: local(rest, port), feed: local(feed, port), orders: local(orders, port) };
    content[venue] = { addresses, credentials: { dir } };
  }
  writeFileSync(path, stringify(content));
}

/** The part of a key that a field takes: the one of its name, else the first that it can be. */
function valueOf({ name, isOptional, check }: KnownVenue['fields'][number], key: ExchangeKey): string | undefined {
  const { secret, passphrase, ecPrivate, edPrivate } = key;
  const named: Readonly<Record<string, string>> = { key: key.key, secret, passphrase };
  const own = named[name];
  if (own !== undefined && check(own) === '') return own;
  return isOptional ? undefined : [ecPrivate, edPrivate, secret].find((value) => check(value) === '');
}

/** The same path at a port of this machine, without encryption. */
function local(address: string, port: number): string {
  const { protocol, pathname } = new URL(address);
  const plain = protocol.startsWith('ws') ? 'ws' : 'http';
  return `${plain}://127.0.0.1:${port}${pathname === '/' ? '' : pathname}`;
}

function writeSecret(path: string, content: string): void {
  // A file that was there keeps its mode.
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode: 0o600 });
  chmodSync(path, 0o600);
}

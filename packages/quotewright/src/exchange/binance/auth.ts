/**
 * Who asks, and whether it may: key, signature (HMAC-SHA-256 in hex or Ed25519 in base64, of the parameters without it), timestamp and
 * recvWindow. Source: "Request Security" of Binance's REST and WebSocket APIs.
 */
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { ExchangeKey, VenueExchange } from '../contract.ts';
import { Refusal, refusals } from './refusal.ts';

const USUAL_WINDOW_MS = 5000;
const MAX_WINDOW_MS = 60_000;
const AHEAD_MS = 1000;
const INVALID_KEY = 'Invalid API-key, IP, or permissions for action.';

/** @throws Refusal when nobody has the key */
export function keyOf(exchange: VenueExchange, key: string | undefined | null): ExchangeKey {
  if (key === undefined || key === null || key === '') throw new Refusal(-2014, 'API-key format invalid.', 401);
  const known = exchange.keyOf(key);
  if (known === undefined) throw new Refusal(-2015, INVALID_KEY, 401);
  return known;
}

/** @param payload the parameters as they were signed @throws Refusal */
export function checkSignature(key: ExchangeKey, payload: string, signature: string | null): void {
  if (signature === null || signature === '') throw refusals.missing('signature');
  if (!isHmac(key, payload, signature) && !isEd25519(key, payload, signature)) {
    throw new Refusal(-1022, 'Signature for this request is not valid.');
  }
}

/** @throws Refusal */
export function checkTime(parameters: URLSearchParams, nowMs: number): void {
  const text = parameters.get('timestamp');
  if (text === null || !/^\d{13}$|^\d{16}$/u.test(text)) throw refusals.missing('timestamp');
  const windowText = parameters.get('recvWindow') ?? String(USUAL_WINDOW_MS);
  const windowMs = Number(windowText);
  if (!(windowMs >= 0) || windowMs > MAX_WINDOW_MS) throw new Refusal(-1131, 'recvWindow must be less than 60000.');
  const sentMs = text.length === 16 ? Number(text) / 1000 : Number(text);
  if (sentMs >= nowMs + AHEAD_MS) {
    throw new Refusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  }
  if (nowMs - sentMs > windowMs) throw new Refusal(-1021, 'Timestamp for this request is outside of the recvWindow.');
}

/** The text without the parameter `signature`, which stands at its end, and its value. */
export function splitSignature(text: string): { payload: string; signature: string | null } {
  const parts = text.split('&').filter((part) => part !== '');
  const at = parts.findIndex((part) => part.startsWith('signature='));
  if (at < 0) return { payload: text, signature: null };
  const [found] = parts.splice(at, 1);
  let signature: string | null = null;
  try {
    signature = decodeURIComponent(found!.slice('signature='.length));
  } catch {
    // Malformed escapes are no signature.
  }
  return { payload: parts.join('&'), signature };
}

function isHmac(key: ExchangeKey, payload: string, signature: string): boolean {
  if (!/^[0-9a-fA-F]{64}$/u.test(signature)) return false;
  const own = createHmac('sha256', key.secret).update(payload).digest();
  return timingSafeEqual(own, Buffer.from(signature, 'hex'));
}

function isEd25519(key: ExchangeKey, payload: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  return bytes.length === 64 && verify(undefined, Buffer.from(payload), createPublicKey(key.edPublic), bytes);
}

/** Answers of the local Coinbase Exchange: a status, and `{"message": words}` when it refuses. */
import { Reject } from '@quotewright/core/trading/records';
import type { FaceResponse } from '../contract.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const;

export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): FaceResponse {
  return { status: 200, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

export function acknowledged(body: unknown): FaceResponse {
  return { ...ok(body), isAck: true };
}

export function refused(status: number, message: string): FaceResponse {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ message }) };
}

export const notFound = refused(404, 'NotFound');

const REASONS: Readonly<Record<number, string>> = {
  [Reject.INSUFFICIENT_BALANCE]: 'Insufficient funds',
  [Reject.BAD_PRICE]: 'price too precise',
  [Reject.BAD_SIZE]: 'size is too small',
  [Reject.BAD_NOTIONAL]: 'funds is too small',
  [Reject.HALTED]: 'Cancel only mode',
  [Reject.SELF_TRADE]: 'self trade',
};

export function orderRefused(reason: Reject): FaceResponse {
  return refused(400, REASONS[reason] ?? 'order rejected');
}

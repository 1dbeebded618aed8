/**
 * Answers of the local Coinbase: status, headers and words as the venue has them.
 * Source: docs.cdp.coinbase.com, "REST API Error Responses", "Create Order" (enumerations of failure reasons).
 */
import { Reject } from '@quotewright/core/trading/records';
import type { FaceResponse } from '../contract.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const;

export function ok(body: unknown): FaceResponse {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(body) };
}

export function acknowledged(body: unknown): FaceResponse {
  return { ...ok(body), isAck: true };
}

export function refused(status: number, error: string, message: string): FaceResponse {
  const body = { error, code: status, message, error_details: message, details: [] };
  return { status, headers: JSON_TYPE, body: JSON.stringify(body) };
}

export const unauthorised: FaceResponse = {
  status: 401,
  headers: { 'content-type': 'text/plain' },
  body: 'Unauthorized\n',
};
export const forbidden = refused(403, 'PERMISSION_DENIED', 'Missing required scopes');
export const notFound = refused(404, 'NOT_FOUND', 'Not found');

/** What stands before the interface answers this, in words only. */
export const serverError: FaceResponse = {
  status: 500,
  headers: { 'content-type': 'text/plain' },
  body: 'Internal Server Error\n',
};

export function tooMany(headers: Readonly<Record<string, string>> = {}): FaceResponse {
  const body = { errors: [{ id: 'rate_limit_exceeded', message: 'Too many requests' }] };
  return { status: 429, headers: { ...JSON_TYPE, 'retry-after': '1', ...headers }, body: JSON.stringify(body) };
}

/** `error`, words and `preview_failure_reason` of an order that was refused. */
const REASONS: Readonly<Record<number, readonly [string, string, string]>> = {
  [Reject.INSUFFICIENT_BALANCE]: [
    'INSUFFICIENT_FUND',
    'Insufficient balance in source account',
    'PREVIEW_INSUFFICIENT_FUND',
  ],
  [Reject.POST_ONLY_WOULD_TAKE]: [
    'INVALID_LIMIT_PRICE_POST_ONLY',
    'Invalid limit price for post only order',
    'PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY',
  ],
  [Reject.BAD_PRICE]: ['INVALID_PRICE_PRECISION', 'Invalid price precision', 'PREVIEW_INVALID_PRICE_PRECISION'],
  [Reject.BAD_SIZE]: ['INVALID_SIZE_PRECISION', 'Invalid size precision', 'PREVIEW_INVALID_BASE_SIZE_PRECISION'],
  [Reject.BAD_NOTIONAL]: ['UNKNOWN_FAILURE_REASON', 'Order value is too small', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL'],
  [Reject.HALTED]: ['ORDER_ENTRY_DISABLED', 'Orderbook is in limit only mode', 'PREVIEW_ORDER_ENTRY_DISABLED'],
  [Reject.SELF_TRADE]: ['SELF_TRADE', 'Order would trade with another order of this account', 'UNKNOWN'],
  [Reject.FOK_UNFILLED]: ['INVALID_NO_LIQUIDITY', 'The order cannot be filled at once', 'UNKNOWN'],
};

/** An order that was refused: the venue answers with status 200. */
export function orderRefused(reason: Reject, configuration: unknown): FaceResponse {
  const [error, message, preview] = REASONS[reason] ?? ['UNKNOWN_FAILURE_REASON', 'The order was refused', 'UNKNOWN'];
  return orderRefusedAs(error, message, preview, configuration);
}

export function orderRefusedAs(error: string, message: string, preview: string, configuration: unknown): FaceResponse {
  return ok({
    success: false,
    failure_reason: 'UNKNOWN_FAILURE_REASON',
    order_id: '',
    error_response: {
      error,
      message,
      error_details: message,
      ...(preview === 'UNKNOWN' ? {} : { preview_failure_reason: preview }),
      new_order_failure_reason: error,
    },
    order_configuration: configuration,
  });
}

/** How the local Bitstamp answers and refuses. Source: www.bitstamp.net/api, "Error codes", "Response codes". */
import type { FaceResponse } from '../contract.ts';

export function ok(body: unknown, isAck = false): FaceResponse {
  return { status: 200, body: JSON.stringify(body), ...(isAck ? { isAck } : {}) };
}

/** Words about a field, or about the whole (`__all__`). */
export function refused(status: number, responseCode: string, words: string, field = '__all__'): FaceResponse {
  const body = { status: 'error', reason: { [field]: [words] }, response_code: responseCode };
  return { status, body: JSON.stringify(body) };
}

/** Of who asks. */
export function denied(status: number, code: string, reason: string): FaceResponse {
  return { status, body: JSON.stringify({ status: 'error', reason, code }) };
}

export function failed(status: number, error: string): FaceResponse {
  return { status, body: JSON.stringify({ error }) };
}

export const notFound = failed(404, 'Not found');
export const orderNotFound: FaceResponse = failed(404, 'Order not found.');
/** What stands before the exchange answers for it. */
export const tooMany = html(429, '429 Too Many Requests', { 'retry-after': '1' });
export const badGateway = html(502, '502 Bad Gateway', {});

function html(status: number, title: string, headers: Readonly<Record<string, string>>): FaceResponse {
  return { status, headers: { 'content-type': 'text/html', ...headers }, body: `<html><title>${title}</title></html>` };
}

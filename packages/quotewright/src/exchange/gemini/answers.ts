/** How the local Gemini answers and refuses. Source: docs.gemini.com, "Error Codes". */
import type { FaceResponse } from '../contract.ts';

export function ok(body: unknown, isAck = false): FaceResponse {
  return { status: 200, body: JSON.stringify(body), ...(isAck ? { isAck } : {}) };
}

export function refused(status: number, reason: string, message: string): FaceResponse {
  return { status, body: JSON.stringify({ result: 'error', reason, message }) };
}

export const notFound = refused(404, 'EndpointNotFound', 'API entry point not found');

export function tooMany(requests: number): FaceResponse {
  const words = `Requests were made too frequently: exceeds requests [${requests}] per interval [1 MINUTE]`;
  return { ...refused(429, 'RateLimit', words), headers: { 'retry-after': '1' } };
}

export function badSymbol(symbol: string, supported: readonly string[]): FaceResponse {
  const list = supported.join(', ');
  const words = `Supplied value '${symbol}' is not a valid symbol.  Please correct your API request to use one of the supported symbols: [${list}]`;
  return refused(400, 'Bad Request', words);
}

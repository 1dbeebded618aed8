/** Binance's REST pages: public ones, and signed ones, whose query carries key, time and signature. */
import { parseJson } from '../../data/json.ts';
import type { Rest, RestRequest, RestResponse } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import { errorOfResponse } from './errors.ts';
import type { Signer } from './sign.ts';

/** How far the venue lets our clock be behind, milliseconds. */
export const RECEIVE_WINDOW_MS = 5000;

export type Parameters = readonly (readonly [name: string, value: string | number])[];

export interface SignedPage {
  readonly method: RestRequest['method'];
  readonly path: string;
  readonly parameters: Parameters;
  readonly cost: Readonly<Record<string, number>>;
  readonly isCancel?: boolean;
}

export function signedRequest(signer: Signer, { parameters, ...asked }: SignedPage): RestRequest {
  return {
    ...asked,
    sign: (unixMs) => {
      const whole: Parameters = [...parameters, ['recvWindow', RECEIVE_WINDOW_MS], ['timestamp', Math.round(unixMs)]];
      const query = whole.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
      const signature = encodeURIComponent(signer.sign(query));
      return { path: `${asked.path}?${query}&signature=${signature}`, headers: { 'X-MBX-APIKEY': signer.key } };
    },
  };
}

/** @throws VenueError when the answer is an error, or no JSON */
export async function page(venue: string, rest: Rest, request: RestRequest): Promise<unknown> {
  return bodyOf(venue, await rest.call(request));
}

/** @throws VenueError */
export function bodyOf(venue: string, response: RestResponse): unknown {
  if (response.status !== 200) throw errorOfResponse(venue, response);
  const body = parseJson(response.text);
  if (body === undefined)
    throw new VenueError({ venue, code: 'UNREADABLE', text: 'the answer is not JSON', status: 200 });
  return body;
}

/** The lanes of a key: a request that hangs holds nobody up for longer than he is ready to wait. */
import { expect, it } from 'vitest';
import { asDecimal, isObject, parseJson } from '../../data/json.ts';
import { Credentials } from '../contract/credentials.ts';
import { type Rest, type RestResponse, signed } from '../contract/rest.ts';
import { callPrivate } from './rest.ts';

function someCredentials(): Credentials {
  return new Credentials(new Map(['key', 'secret'].map((name) => [name, Buffer.from(name)] as const)));
}

it('who does not get his turn in time is refused, a cancel goes by, and the lane goes on after what hung', async () => {
  const asked: string[] = [];
  const hanging = Promise.withResolvers<RestResponse>();
  const ok: RestResponse = { status: 200, headers: {}, text: '{}' };
  const rest: Rest = {
    call: async ({ path }) => {
      asked.push(path);
      return path === '/hangs' ? hanging.promise : Promise.resolve(ok);
    },
  };
  const credentials = someCredentials();
  const call = async (path: string, options = {}) => callPrivate(rest, credentials, path, '', options);
  const first = call('/hangs');
  const impatient = call('/order', { turnMs: 5 });
  const patient = call('/account');
  await expect(impatient).rejects.toMatchObject({ code: 'RATE_LIMITED', mayHaveArrived: false });
  await call('/cancel', { isCancel: true });
  expect(asked).toEqual(['/hangs', '/cancel']);
  hanging.resolve(ok);
  await Promise.all([first, patient]);
  expect(asked).toEqual(['/hangs', '/cancel', '/account']);
});

it('a key that uses a time based nonce gets the seconds, from then on at once', async () => {
  const nowMs = 1_764_000_000_500;
  const nonces: string[] = [];
  const rest: Rest = {
    call: async (request) => {
      const { headers } = signed(request, nowMs);
      const payload = parseJson(Buffer.from(headers?.['x-gemini-payload'] ?? '', 'base64').toString('utf8'));
      const nonce = isObject(payload) ? asDecimal(payload['nonce']) : '';
      nonces.push(nonce);
      const isNear = Math.abs(Number(nonce) - nowMs / 1000) < 30;
      const refusal = '{"result":"error","reason":"InvalidNonce","message":"not within 30 seconds"}';
      return Promise.resolve({ status: isNear ? 200 : 400, headers: {}, text: isNear ? '{}' : refusal });
    },
  };
  const credentials = someCredentials();
  const call = async () => callPrivate(rest, credentials, '/v1/orders', '');
  expect(await call()).toEqual({});
  nonces.length = 0;
  expect(await call()).toEqual({});
  expect(nonces).toEqual(['1764000000']);
});

/** The lanes of a key: a request that hangs holds nobody up for longer than he is ready to wait. */
import { expect, it } from 'vitest';
import { Credentials } from '../contract/credentials.ts';
import type { Rest, RestResponse } from '../contract/rest.ts';
import { callPrivate } from './rest.ts';

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
  const values = ['key', 'secret'].map((name) => [name, Buffer.from(name)] as const);
  const credentials = new Credentials(new Map(values));
  const call = async (path: string, options = {}) => callPrivate(rest, credentials, path, '', () => 1, options);
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

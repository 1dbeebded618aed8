/** The signature of the venue's own example (docs.kraken.com/api/docs/guides/spot-rest-auth). */
import { expect, it } from 'vitest';
import { Credentials } from '../contract/credentials.ts';
import { nextNonce, signature } from './sign.ts';

const EXAMPLE = 'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';

it('is the one of the venue’s example', () => {
  const credentials = new Credentials(new Map([['secret', Buffer.from(EXAMPLE)]]));
  const nonce = '1616492376594';
  const body = `nonce=${nonce}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`;
  expect(signature(credentials, '/0/private/AddOrder', nonce, body)).toBe(
    '4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==',
  );
});

it('numbers rise, whatever the clock does', () => {
  const nonces = [5000, 5000, 4000, 6000].map((ms) => Number(nextNonce(1_800_000_000_000 + ms)));
  expect(nonces.toSorted((a, b) => a - b)).toEqual(nonces);
  expect(new Set(nonces).size).toBe(4);
});

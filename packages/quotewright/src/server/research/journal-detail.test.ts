/** However often a journal is asked for at once, it is read once; and one after the other. */
import { expect, test } from 'vitest';
import { type DetailAnswer, JournalDetails } from './journal-detail.ts';

const DETAIL = { records: 1, marks: 0, segments: 1, kinds: {}, fromMs: null, toMs: null, parts: 1, damages: 0 };

test('who asks for the same journal meanwhile gets the same answer, others wait for it', async () => {
  const begun: string[] = [];
  const ends: ((answer: DetailAnswer) => void)[] = [];
  const details = new JournalDetails((path) => {
    begun.push(path);
    return new Promise((resolve) => ends.push(resolve));
  });
  const first = Array.from({ length: 50 }, () => details.of('a'));
  const other = details.of('b');
  await new Promise(setImmediate);
  expect(begun).toEqual(['a']);
  ends[0]!({ detail: DETAIL });
  expect(await Promise.all(first)).toEqual(first.map(() => DETAIL));
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b']);
  ends[1]!({ failure: 'it is broken' });
  await expect(other).rejects.toThrow('it is broken');
  const again = details.of('b');
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b', 'b']);
  ends[2]!({ detail: DETAIL });
  expect(await again).toEqual(DETAIL);
});

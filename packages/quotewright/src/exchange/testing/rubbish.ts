/** What a customer may send that no documentation has: for tests that a face answers everything, in its venue's words. */
import type { Random } from '@quotewright/core/base/random';

const TEXTS = [
  '',
  ' ',
  '0',
  '-1',
  '-0',
  '1e309',
  '1e-400',
  '9'.repeat(400),
  '9007199254740993',
  '0.000000000000000000000000000001',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  'null',
  'undefined',
  'true',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  "' OR 1=1 --",
  '<script>',
  '%',
  '%00',
  '%ff%fe',
  '\u0000',
  '\ud800',
  '\u202e',
  '١٢٣',
  '😀'.repeat(50),
  'a'.repeat(5000),
  '{"a":1}',
  '[1]',
  '1;2',
  '1,2',
] as const;

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)]!;
}

/** A text that is a number to nobody, or to somebody. */
export function rubbishText(random: Random): string {
  return random.below(4) === 0 ? String((random.uniform() - 0.5) * 10 ** random.below(40)) : pick(random, TEXTS);
}

/** Any value that JSON has, some levels deep. */
export function rubbish(random: Random, depth = 3): unknown {
  switch (random.below(depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return random.below(2) === 0;
    case 2:
      return pick(random, [0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 53, -(2 ** 63)]);
    case 3:
    case 4:
    case 5:
      return rubbishText(random);
    case 6:
    case 7:
      return Array.from({ length: random.below(4) }, () => rubbish(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [rubbishText(random).slice(0, 20), rubbish(random, depth - 1)]),
      );
  }
}

/** Some characters of a text are others, are gone, or come twice. */
export function damaged(random: Random, text: string): string {
  let found = text;
  for (let i = 0; i <= random.below(4); i++) {
    const at = random.below(found.length + 1);
    const [before, after] = [found.slice(0, at), found.slice(at)];
    const way = random.below(4);
    if (way === 0) found = before + after.slice(1 + random.below(8));
    else if (way === 1)
      found = before + pick(random, ['"', '{', '}', '[', ']', ',', ':', '\\', '\u0000', 'é', '9', '-']) + after;
    else if (way === 2) found = before + after.slice(0, 6) + after;
    else found = before;
  }
  return found;
}

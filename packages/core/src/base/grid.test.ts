import { describe, expect, test } from 'vitest';
import { GRID_FAULT_TEXT, Grid, GridFault, Rounding } from './grid.ts';
import { Random } from './random.ts';

const STEPS = [
  '0.1',
  '0.05',
  '0.00000001',
  '2.5',
  '1e-10',
  '0.25',
  '5',
  '1e2',
  '0.0125',
  '1',
  '0.01',
  '0.001',
  '25E-3',
  '12345678901234',
];
const MAX = Number.MAX_SAFE_INTEGER;
const ROUNDINGS = [Rounding.EXACT, Rounding.DOWN, Rounding.UP] as const;

/** Steps of a decimal text on a grid, in rational arithmetic; `undefined` when there is no answer. */
function oracle(step: string, text: string, rounding: Rounding): number | undefined {
  const value = rational(text);
  const unit = rational(step)!;
  if (value === undefined) return undefined;
  // value / unit = numerator / denominator
  const numerator = value[0] * unit[1];
  const denominator = value[1] * unit[0];
  let steps = numerator / denominator;
  const rest = numerator % denominator;
  if (rest !== 0n) {
    if (rounding === Rounding.UP && rest > 0n) steps++;
    if (rounding === Rounding.DOWN && rest < 0n) steps--;
  }
  if (steps > BigInt(MAX) || steps < -BigInt(MAX)) return undefined;
  return rest !== 0n && rounding === Rounding.EXACT ? undefined : Number(steps);
}

function rational(text: string): [bigint, bigint] | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (parts === null || (parts[2] + (parts[3] ?? '')).length === 0) return undefined;
  const fraction = parts[3] ?? '';
  const exponent = Number(parts[4] ?? 0) - fraction.length;
  const digits = BigInt(parts[2] + fraction) * (parts[1] === '-' ? -1n : 1n);
  return exponent >= 0 ? [digits * 10n ** BigInt(exponent), 1n] : [digits, 10n ** BigInt(-exponent)];
}

/** Integers over the whole safe range of every magnitude, and dense runs at zero and at both ends. */
function* counts(random: Random): Generator<number> {
  for (let n = -2000; n <= 2000; n++) yield n;
  for (let n = 0; n < 1000; n++) {
    yield MAX - n;
    yield n - MAX;
  }
  for (let i = 0; i < 20_000; i++) {
    const size = Math.floor(random.uniform() * 2 ** random.below(54));
    yield random.below(2) === 0 ? size : -size;
  }
}

describe('parse of format is the identity', () => {
  for (const step of STEPS) {
    test(`over the grid of ${step}`, () => {
      const grid = new Grid(step);
      const bytes = new Uint8Array(100);
      for (const n of counts(Random.stream(1, step))) {
        const text = grid.format(n);
        const parsed = grid.parse(text);
        if (parsed !== n || grid.fault !== GridFault.NONE) expect([text, parsed]).toEqual([text, n]);
        // The same inside a longer row, where the neighbouring bytes are digits too.
        const written = new TextEncoder().encodeInto(`7${text}7`, bytes).written;
        if (grid.parseBytes(bytes, 1, written - 1) !== n) expect(text).toBe('parsed from bytes');
        if (oracle(step, text, Rounding.EXACT) !== n) expect(text).toBe('the oracle agrees');
      }
    });
  }
});

/** Decimal text of many shapes: long and short, with sign, zeros at both ends, exponent. */
function decimal(random: Random): string {
  const digits = (most: number): string =>
    Array.from({ length: random.below(most + 1) }, () => random.below(10)).join('');
  const zeros = (): string => (random.below(4) === 0 ? '0'.repeat(random.below(12)) : '');
  const sign = ['', '', '', '-', '+'][random.below(5)];
  const fraction = random.below(3) === 0 ? '' : `.${zeros()}${digits(random.below(2) === 0 ? 3 : 14)}${zeros()}`;
  const exponent = random.below(5) === 0 ? `e${['', '-', '+'][random.below(3)]}${random.below(24)}` : '';
  return `${sign}${zeros()}${digits(random.below(2) === 0 ? 4 : 17)}${fraction}${exponent}`;
}

describe('parse agrees with rational arithmetic', () => {
  for (const step of STEPS) {
    test(`on the grid of ${step}`, () => {
      const random = Random.stream(2, step);
      const grid = new Grid(step);
      let valid = 0;
      for (let i = 0; i < 15_000; i++) {
        const text = decimal(random);
        for (const rounding of ROUNDINGS) {
          const expected = oracle(step, text, rounding);
          const got = grid.parse(text, rounding);
          if (expected !== undefined) valid++;
          if (expected === undefined ? got === got : got !== expected) expect([text, rounding, got]).toBe(expected);
          if ((got !== got) !== (grid.fault !== GridFault.NONE))
            expect([text, grid.fault]).toBe('a fault with NaN only');
        }
      }
      expect(valid).toBeGreaterThan(10_000);
    });
  }
});

describe('rounding', () => {
  const cases: [step: string, text: string, down: number, up: number][] = [
    ['0.05', '1.07', 21, 22],
    ['0.05', '-1.07', -22, -21],
    ['0.05', '1.05', 21, 21],
    ['2.5', '4', 1, 2],
    ['2.5', '-0.1', -1, 0],
    ['0.1', '0.00000000000000000001', 0, 1],
    ['0.1', '-1e-99', -1, 0],
    ['100', '99.999', 0, 1],
    ['0.01', '585.331', 58_533, 58_534],
  ];
  for (const [step, text, down, up] of cases) {
    test(`${text} on ${step} lies between ${down} and ${up}`, () => {
      const grid = new Grid(step);
      expect(grid.parse(text, Rounding.DOWN)).toBe(down);
      expect(grid.parse(text, Rounding.UP)).toBe(up);
      const exact = grid.parse(text);
      if (down === up) expect(exact).toBe(down);
      else {
        expect(exact).toBeNaN();
        expect(grid.fault).toBe(GridFault.OFF_GRID);
      }
    });
  }

  test('a computed number is rounded from its shortest decimal text', () => {
    const grid = new Grid('0.1');
    expect(grid.fromNumber(0.1 + 0.2, Rounding.DOWN)).toBe(3);
    expect(grid.fromNumber(0.1 + 0.2, Rounding.UP)).toBe(4);
    expect(grid.fromNumber(-1e-7, Rounding.DOWN)).toBe(-1);
    expect(grid.fromNumber(1e21, Rounding.DOWN)).toBeNaN();
    expect(grid.fault).toBe(GridFault.OUT_OF_RANGE);
    for (const bad of [Number.NaN, Infinity, -Infinity]) expect(grid.fromNumber(bad, Rounding.UP)).toBeNaN();
    expect(grid.fault).toBe(GridFault.MALFORMED);
  });
});

describe('range', () => {
  test('the largest safe integer is the last one', () => {
    const grid = new Grid('0.1');
    expect(grid.parse('900719925474099.1')).toBe(MAX);
    expect(grid.parse('-900719925474099.1')).toBe(-MAX);
    for (const text of ['900719925474099.2', '9e99', '1e999', '99999999999999999999999999999999']) {
      expect(grid.parse(text)).toBeNaN();
      expect(grid.fault).toBe(GridFault.OUT_OF_RANGE);
    }
  });

  test('rounding does not leave the range', () => {
    const grid = new Grid('1');
    expect(grid.parse('9007199254740991.5', Rounding.DOWN)).toBe(MAX);
    expect(grid.parse('9007199254740991.5', Rounding.UP)).toBeNaN();
    expect(grid.fault).toBe(GridFault.OUT_OF_RANGE);
  });

  test('zero is zero in every writing, and never negative zero', () => {
    for (const step of STEPS) {
      for (const text of ['0', '-0', '+0.000', '-0.00', '0e999', '.0', '0.', '-.0e-999']) {
        expect(Object.is(new Grid(step).parse(text), 0)).toBe(true);
      }
    }
  });
});

describe('malformed text', () => {
  const texts = [
    '',
    '.',
    '-',
    '+',
    '-.',
    'e5',
    '.e5',
    '1e',
    '1e+',
    '1e-',
    '1e1000',
    '1e1.5',
    '1ee5',
    '--1',
    '+-1',
    '1-',
    '1.2.3',
    '..1',
  ];
  const others = [
    '١',
    '１',
    '1١',
    ' 1',
    '1 ',
    '1\n',
    '\t1',
    '0x1',
    'NaN',
    'Infinity',
    'null',
    '1_0',
    '1,0',
    '1:0',
    '1/0',
    '\u0000',
    'é',
    '\u{1F4B0}',
  ];
  for (const text of [...texts, ...others, '1'.repeat(401)]) {
    test(`${JSON.stringify(text).slice(0, 20)} is not a number`, () => {
      const grid = new Grid('0.01');
      grid.parse('1');
      for (const rounding of ROUNDINGS) {
        expect(grid.parse(text, rounding)).toBeNaN();
        expect(GRID_FAULT_TEXT[grid.fault]).toBe('not a decimal number');
      }
      expect(grid.parse('1.25')).toBe(125);
      expect(grid.fault).toBe(GridFault.NONE);
    });
  }
});

/** Numerator, scale and decimals of a step. */
function rationalOf(step: string): number[] {
  const grid = new Grid(step);
  return [grid.numerator, grid.scale, grid.decimals];
}

describe('a step', () => {
  for (const step of [
    '',
    '0',
    '0.0',
    '-0.1',
    '.',
    'abc',
    '1e',
    '1e1000',
    '1e-101',
    '123456789012345',
    '٠.١',
    ' 0.1',
    'NaN',
  ]) {
    test(`'${step}' is refused`, () => {
      expect(() => new Grid(step)).toThrow(RangeError);
    });
  }

  test('is kept as the exact rational it is', () => {
    expect(rationalOf('0.05')).toEqual([5, 2, 2]);
    expect(rationalOf('0.050')).toEqual([5, 2, 2]);
    expect(rationalOf('2.5')).toEqual([25, 1, 1]);
    expect(rationalOf('1e-10')).toEqual([1, 10, 10]);
    expect(rationalOf('1e2')).toEqual([1, -2, 0]);
    expect(rationalOf('500')).toEqual([5, -2, 0]);
    expect(rationalOf('+.5')).toEqual([5, 1, 1]);
  });
});

test('format writes all decimals of the grid, and refuses what is not an integer', () => {
  expect(new Grid('0.05').format(21)).toBe('1.05');
  expect(new Grid('0.05').format(-1)).toBe('-0.05');
  expect(new Grid('0.5').format(-0)).toBe('0.0');
  expect(new Grid('1e2').format(12)).toBe('1200');
  expect(new Grid('1e2').format(0)).toBe('0');
  expect(new Grid('1e-10').format(MAX)).toBe('900719.9254740991');
  for (const bad of [0.5, Number.NaN, Infinity]) expect(() => new Grid('1').format(bad)).toThrow(RangeError);
});

test('toNumber is the nearest float64 of the decimal text', () => {
  const random = Random.stream(3, 'toNumber');
  for (const step of ['0.1', '0.05', '0.00000001', '2.5', '1e-10', '0.0125', '1e2']) {
    const grid = new Grid(step);
    for (let i = 0; i < 5000; i++) {
      const n = random.below(2 ** 32) - 2 ** 31;
      if (grid.toNumber(n) !== Number(grid.format(n))) expect(grid.toNumber(n)).toBe(Number(grid.format(n)));
    }
  }
});

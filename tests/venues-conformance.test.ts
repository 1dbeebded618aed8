/**
 * Every venue passes the same cases, against the local exchange that speaks its protocol. docs/venues.md has the table of what has passed;
 * `UPDATE_PAGES=1` in the environment writes it.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FACES } from '../packages/quotewright/src/exchange/faces.ts';
import { VENUES } from '../packages/quotewright/src/venues/registry.ts';
import { example } from './support/example-venue/venue.ts';
import { exampleFace } from './support/example-venue/face.ts';
import { Bench } from './support/venue-conformance/bench.ts';
import { type ConformanceCase, type Outcome, conformanceTable } from './support/venue-conformance/case.ts';
import { DAMAGED } from './support/venue-conformance/damaged.ts';
import { FILLS } from './support/venue-conformance/fills.ts';
import { ORDERS } from './support/venue-conformance/orders.ts';
import { PAGES } from './support/venue-conformance/pages.ts';
import { READING } from './support/venue-conformance/reading.ts';
import { RECOVERY } from './support/venue-conformance/recovery.ts';
import { TRUST } from './support/venue-conformance/trust.ts';

const PAGE = 'docs/venues.md';
const CASES: readonly ConformanceCase[] = [
  ...PAGES,
  ...READING,
  ...TRUST,
  ...DAMAGED,
  ...ORDERS,
  ...FILLS,
  ...RECOVERY,
];
const outcomes = new Map<string, ReadonlyMap<string, Outcome>>();

/** The template of docs/venues.md is a venue like the others, but for the line in each of the two registries. */
const TRIED = [...VENUES, example];
const SPOKEN = [...FACES, exampleFace];

describe.each(TRIED.map((venue) => [venue.name, venue] as const))('%s', (name, venue) => {
  const passed = new Map<string, Outcome>();
  if (venue !== example) outcomes.set(name, passed);
  let bench: Bench;
  beforeAll(async () => {
    const maker = SPOKEN.find((face) => face.venue === name);
    if (maker === undefined) throw new Error(`${name} has no face: exchange/faces.ts`);
    bench = await Bench.open(venue, maker);
  });
  afterEach(() => bench.tidy());
  afterAll(() => bench.close());

  it.each(CASES.map((each) => [each.name, each] as const))(
    '%s',
    async (title, { needs, run }) => {
      if (needs !== undefined && !needs(venue.abilities)) {
        passed.set(title, '—');
        return;
      }
      const { length } = bench.complaints;
      passed.set(title, (await run(bench)) === 'none' ? '—' : '✓');
      expect(bench.complaints.slice(length), 'what the exchange itself failed with').toEqual([]);
    },
    90_000,
  );
});

it('docs/venues.md has the table', () => {
  const table = conformanceTable(CASES, outcomes);
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = ['<!-- table of conformance -->\n', '\n<!-- end of table of conformance -->'];
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  expect(page).toContain(begin);
  expect(to).toBeGreaterThan(from - 1);
  if (process.env['UPDATE_PAGES'] === '1') writeFileSync(PAGE, page.slice(0, from) + table + page.slice(to));
  else expect(page.slice(from, to)).toBe(table);
});

it('docs/venues.md shows the template as it is', () => {
  const folder = 'tests/support/example-venue';
  const names = readdirSync(folder);
  const sources = names.map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  const page = readFileSync(PAGE, 'utf8').split('## Adding a venue')[1] ?? '';
  const shown = [...page.matchAll(/^```ts\n(.*?)^```/gmsu)].map(([, code = '']) => code);
  expect(shown).toHaveLength(2);
  for (const code of shown) expect(sources.some((source) => source.includes(code))).toBe(true);
  for (const name of names) expect(page).toContain(name);
});

/**
 * npm run soak -- --seeds N [--from S]: whole sessions under seeded faults, each with all invariants after every input. A seed that
 * fails does the same again: npm run soak -- --from SEED --seeds 1.
 */
import { parseArgs } from 'node:util';
import { runSeed } from './session.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '1' } },
});
const seeds = Number(values.seeds);
const from = Number(values.from);
if (!Number.isSafeInteger(seeds) || seeds < 1 || !Number.isSafeInteger(from)) {
  process.stderr.write(
    `soak: found --seeds ${values.seeds} --from ${values.from}, expected whole numbers, seeds from 1\n`,
  );
  process.exit(2);
}

const total: Record<string, number> = {};
const began = performance.now();
let failed = 0;
for (let seed = from; seed < from + seeds; seed++) {
  const { violations, counts } = runSeed(seed);
  for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  if (violations.length > 0) {
    failed++;
    process.stdout.write(`seed ${seed} fails:\n${violations.map((each) => `  ${each}\n`).join('')}`);
  }
  if ((seed - from + 1) % 500 === 0)
    process.stdout.write(`${seed - from + 1} of ${seeds} sessions, ${failed} failed\n`);
}
const seconds = (performance.now() - began) / 1000;
for (const [name, count] of Object.entries(total))
  process.stdout.write(`${count.toLocaleString('en-US').padStart(14)} ${name}\n`);
process.stdout.write(
  `${seeds} sessions from seed ${from} in ${seconds.toFixed(1)} s: ${seeds - failed} passed, ${failed} failed\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

/** `npm run bench [NAME…]`: runs the benchmarks and prints one JSON document. */
import { benchL2 } from './l2.ts';
import { benchMatch } from './match.ts';
import { benchMemory } from './memory.ts';

const BENCHES: Readonly<Record<string, () => unknown>> = {
  match: benchMatch,
  l2: benchL2,
  memory: benchMemory,
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`bench: no benchmark '${unknown.join("', '")}'; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const results: Record<string, unknown> = {};
for (const name of names) {
  process.stderr.write(`bench: ${name}\n`);
  results[name] = BENCHES[name]?.();
}
process.stdout.write(`${JSON.stringify({ node: process.version, v8: process.versions.v8, results }, undefined, 2)}\n`);

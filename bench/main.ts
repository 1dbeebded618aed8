/** `npm run bench [NAME…]`: runs the benchmarks and prints one JSON document. */
import { type StdioOptions, execFileSync } from 'node:child_process';
import { benchBreaker } from './breaker.ts';
import { benchCsv } from './csv.ts';
import { benchDashboard } from './dashboard.ts';
import { benchEventToOrder } from './event-to-order.ts';
import { benchJournal } from './journal.ts';
import { benchFeed } from './feed.ts';
import { benchGate } from './gate.ts';
import { benchL2 } from './l2.ts';
import { benchLiveMemory } from './live-memory.ts';
import { benchMatch } from './match.ts';
import { benchMemory } from './memory.ts';
import { benchRecovery } from './recovery.ts';
import { benchReplay } from './replay.ts';
import { benchLiving, benchPaper } from './simulations.ts';
import { benchStream } from './stream.ts';
import { benchTickToTrade } from './tick-to-trade.ts';
import { benchVar } from './var.ts';
import { benchVenues } from './venues.ts';

const BENCHES: Readonly<Record<string, () => unknown>> = {
  match: benchMatch,
  l2: benchL2,
  memory: benchMemory,
  csv: benchCsv,
  replay: benchReplay,
  'event-to-order': benchEventToOrder,
  paper: benchPaper,
  living: benchLiving,
  gate: benchGate,
  breaker: benchBreaker,
  journal: benchJournal,
  recovery: benchRecovery,
  var: benchVar,
  stream: benchStream,
  feed: benchFeed,
  dashboard: benchDashboard,
  venues: benchVenues,
  'tick-to-trade': benchTickToTrade,
  'live-memory': benchLiveMemory,
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`bench: no benchmark '${unknown.join("', '")}'; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const [only] = names;
if (only !== undefined && names.length === 1) {
  const results = { [only]: await BENCHES[only]?.() };
  process.stdout.write(
    `${JSON.stringify({ node: process.version, v8: process.versions.v8, results }, undefined, 2)}\n`,
  );
} else {
  // Each in a process of its own: neither memory nor compiled code of one benchmark is another's.
  const results: Record<string, unknown> = {};
  for (const name of names) {
    process.stderr.write(`bench: ${name}\n`);
    const args = [...process.execArgv, process.argv[1]!, name];
    const stdio: StdioOptions = ['ignore', 'pipe', 'inherit'];
    const answer: { results: object } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio }));
    Object.assign(results, answer.results);
  }
  process.stdout.write(
    `${JSON.stringify({ node: process.version, v8: process.versions.v8, results }, undefined, 2)}\n`,
  );
}

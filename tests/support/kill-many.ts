/** Kills many sessions, one after another: `kill-many.ts --kills N [--seed FIRST]`. Exit 1 when anything was lost or booked twice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killSession } from './kill.ts';

const KILLS_A_SESSION = 12;
const DURABILITIES = ['batch', 'batch', 'none', 'sync'] as const;

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const wanted = Number(values.kills);
const sum = { sessions: 0, kills: 0, killsTrading: 0, booked: 0, unknown: 0, executions: 0, records: 0, faults: 0 };
const began = performance.now();
for (let seed = Number(values.seed); sum.kills < wanted; seed++) {
  const dir = mkdtempSync(join(tmpdir(), 'kill-'));
  const durability = DURABILITIES[seed % DURABILITIES.length]!;
  const outcome = await killSession({
    dir,
    seed,
    seconds: durability === 'sync' ? 60 : 240,
    durability,
    kills: Math.min(KILLS_A_SESSION, wanted - sum.kills),
    longestMs: 250,
  });
  sum.sessions++;
  sum.faults += outcome.faults.length;
  for (const name of ['kills', 'killsTrading', 'booked', 'unknown', 'executions', 'records'] as const) {
    sum[name] += outcome[name];
  }
  for (const fault of outcome.faults) process.stdout.write(`seed ${seed} (${durability}, ${dir}): ${fault}\n`);
  if (outcome.faults.length === 0) rmSync(dir, { recursive: true });
  const { sessions, kills, killsTrading, booked, unknown, faults } = sum;
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(
    `${seconds} s: ${kills} kills (${killsTrading} while trading) of ${sessions} sessions; ${booked} missed executions booked, ${unknown} unknown orders found; ${faults} faults\n`,
  );
}
process.stdout.write(`${JSON.stringify(sum)}\n`);
if (sum.faults > 0) process.exitCode = 1;

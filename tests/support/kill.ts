/**
 * Kills a session (`kill-child.ts`) with SIGKILL at random moments and starts it again, until it has come to its end; then looks
 * whether anything was lost or booked twice.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, Field, headKind } from '@quotewright/core/market/event';
import { ReportKind } from '@quotewright/core/trading/records';
import { AccountTracker, TrackedVenue } from '@quotewright/core/venue-sim/account-tracker';
import { makeMarket } from 'quotewright/backtest/run-living';
import { configOf, marketOf } from 'quotewright/backtest/simulation-header';
import { readJournal } from 'quotewright/journal/reader';
import { replayKept } from 'quotewright/journal/replay-kept';
import { endJournal } from 'quotewright/journal/tail';
import { VenueLog, relive } from 'quotewright/journal/venue-log';

const CHILD = fileURLToPath(new URL('kill-child.ts', import.meta.url));
/** A session that never ends is a fault of its own. */
const MOST_LIVES = 500;

export interface KillPlan {
  readonly dir: string;
  readonly seed: number;
  readonly seconds: number;
  readonly durability: 'none' | 'batch' | 'sync';
  /** `snapshots`: the journal is compacted while it runs. */
  readonly keep?: 'all' | 'snapshots';
  /** It is left alone after so many kills. */
  readonly kills: number;
  /** The longest time from the first slice to the kill, milliseconds. */
  readonly longestMs: number;
}

export interface KillOutcome {
  /** Processes that were killed before they came to their end; those of them that were trading, not starting. */
  readonly kills: number;
  readonly killsTrading: number;
  /** What recoveries came to. */
  readonly booked: number;
  readonly unknown: number;
  readonly executions: number;
  readonly records: number;
  /** What was lost, booked twice or is not the same, a line each. */
  readonly faults: readonly string[];
}

export async function killSession(plan: KillPlan): Promise<KillOutcome> {
  const random = Random.stream(plan.seed, 'kills');
  const faults: string[] = [];
  const counts = { kills: 0, killsTrading: 0, booked: 0, unknown: 0 };
  for (let life = 0; ; life++) {
    if (life === MOST_LIVES) return { ...counts, executions: 0, records: 0, faults: ['the session never ends'] };
    const { safe, isOver, isTrading, reconciled, error } = await live(
      plan,
      counts.kills < plan.kills ? random : undefined,
    );
    counts.booked += reconciled.booked;
    counts.unknown += reconciled.unknown;
    // No request reaches the venue before its inputs are safe.
    if (plan.durability === 'sync' && reconciled.unknown > 0)
      faults.push(`life ${life}: ${reconciled.unknown} unknown orders`);
    if (reconciled.drift !== '') faults.push(`life ${life}: ${reconciled.drift}`);
    const { sequence } = endJournal(plan.dir);
    if (sequence < safe) faults.push(`life ${life}: ${safe} inputs were safe, the journal holds ${sequence}`);
    if (isOver) break;
    if (error !== '') return { ...counts, executions: 0, records: 0, faults: [...faults, `life ${life}: ${error}`] };
    counts.kills++;
    if (isTrading) counts.killsTrading++;
  }
  const end = await lookThrough(plan.dir);
  return { ...counts, ...end, faults: [...faults, ...end.faults] };
}

/** One process, from its start to its end or its kill. */
async function live({ dir, seed, seconds, durability, keep, longestMs }: KillPlan, random: Random | undefined) {
  const child = spawn(process.execPath, [CHILD, dir, `${seed}`, `${seconds}`, durability, keep ?? 'all'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  let isTrading = false;
  const trading = Promise.withResolvers<void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (!text.includes('safe')) return;
    isTrading = true;
    trading.resolve();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  const closed = once(child, 'close');
  if (random !== undefined) {
    // One in eight dies while it starts or recovers.
    if (random.below(8) === 0) await Promise.race([closed, setTimeout(random.below(800))]);
    else {
      await Promise.race([closed, trading.promise]);
      await Promise.race([closed, setTimeout(random.uniform() * longestMs)]);
    }
    child.kill('SIGKILL');
  }
  await closed;
  const lines = out.split('\n');
  const safe = Math.max(0, ...lines.map((line) => (line.startsWith('safe ') ? Number(line.slice(5)) : 0)));
  const over = lines.find((line) => line.startsWith('over '));
  // The one before was killed after it had noted its end and before it could say so.
  const isOver = over === 'over ' || error.includes('the session ended at');
  const failure = over === undefined || over === 'over ' ? error : over;
  return { safe, isTrading, isOver, error: failure, reconciled: reconciliation(lines) };
}

function reconciliation(lines: readonly string[]): { booked: number; unknown: number; drift: string } {
  const line = lines.find((each) => each.startsWith('reconciled '));
  if (line === undefined) return { booked: 0, unknown: 0, drift: '' };
  const { booked, adopted, cancelled, traces, differences } = JSON.parse(line.slice(11));
  const drift = differences.length === 0 ? '' : JSON.stringify(differences);
  return { booked, unknown: adopted + cancelled + traces, drift };
}

/** Compares the journal, replayed, with the venue, relived. */
async function lookThrough(dir: string): Promise<{ executions: number; records: number; faults: string[] }> {
  const faults: string[] = [];
  const { engine, header, difference, missing, sequence, damages } = await replayKept(dir);
  if (difference !== undefined) faults.push(`the replay differs: ${JSON.stringify(difference)}`);
  if (missing > 0 || damages.length > 0) faults.push(`the journal is damaged: ${JSON.stringify(damages)}`);
  const market = makeMarket(marketOf(configOf(header, dir)), header.seed);
  const venue = new TrackedVenue(market, new AccountTracker(market.instruments, { cash: header.cash }));
  const log = new VenueLog(dir);
  Array.from(relive(log.records, market, venue, 0));
  log.close();
  const { executions, orders, positionLots } = venue.account(Number.NEGATIVE_INFINITY);
  const fills = engine.seats.reduce((sum, seat) => sum + seat.fills, 0);
  if (fills !== executions.length)
    faults.push(`${fills} fills are booked, the venue has ${executions.length} executions`);
  const unbooked = executions.filter(({ market: index, execution }) => !engine.desk.hasExecution(index, execution));
  if (unbooked.length > 0) faults.push(`${unbooked.length} executions are not booked`);
  for (const [index, lots] of positionLots.entries()) {
    if (engine.portfolioLots(index) !== lots)
      faults.push(`position ${index}: ${engine.portfolioLots(index)}, the venue's ${lots}`);
  }
  if (orders.length > 0) faults.push(`${orders.length} orders are open at the venue`);
  if (engine.desk.table.count > 0) faults.push(`${engine.desk.table.count} orders are not finished`);
  const told = fillsOf(dir);
  const isWhole = readJournal(dir).first === 0;
  if (isWhole && told.size < executions.length)
    faults.push(`the journal names ${told.size} executions of ${executions.length}`);
  return { executions: executions.length, records: sequence, faults };
}

/** Numbers of the executions that a journal holds. */
function fillsOf(dir: string): Set<number> {
  const numbers = new Set<number>();
  for (const item of readJournal(dir)) {
    if (item.kind !== 'records') continue;
    for (let at = 0; at < item.count * EVENT_STRIDE; at += EVENT_STRIDE) {
      if (headKind(item.data[at + Field.HEAD]! | 0) === ReportKind.FILL) numbers.add(item.data[at + Field.SEQ]!);
    }
  }
  return numbers;
}

/** Starts the exchange and lets ccxt, in a process of its own, do on a face of it what a bot does (`ccxt-child.ts`). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CCXT_STEPS, type CcxtKey, type CcxtStep, type CcxtTask, type CcxtVenue } from './ccxt-venue.ts';
import { type RunningExchange, startExchange } from './exchange.ts';

const CHILD = fileURLToPath(new URL('ccxt-child.ts', import.meta.url));

/** By step: `ok`, or what was wrong, or why it is left out. */
export type CcxtReport = Readonly<Record<CcxtStep, string>>;

/** What `ccxtScenario` answers when all is well. */
export function allWell({ without = {} }: CcxtVenue): CcxtReport {
  // oxlint-disable-next-line no-unsafe-type-assertion -- of every step
  return Object.fromEntries(CCXT_STEPS.map((step) => [step, without[step] ?? 'ok'])) as CcxtReport;
}

/** An exchange for several scenarios: each wants two accounts of its own. */
export interface CcxtExchange {
  /** @param from the first of its two accounts */
  readonly run: (venue: CcxtVenue, from?: number) => Promise<CcxtReport>;
  readonly stop: () => Promise<unknown>;
}

/** @param folder where the keys are written */
export async function startCcxtExchange(folder: string, venues: string, accounts = 2): Promise<CcxtExchange> {
  const keysFile = join(folder, 'keys.json');
  const options = ['--venues', venues, '--coins', 'BTC,ETH', '--accounts', String(accounts), '--write-keys', keysFile];
  const exchange = await startExchange(...options);
  return { run: async (venue, from = 0) => scenarioOn(exchange, venue, keysFile, from), stop: exchange.stop };
}

/** A scenario on an exchange of its own. */
export async function ccxtScenario(venue: CcxtVenue, folder: string): Promise<CcxtReport> {
  const exchange = await startCcxtExchange(folder, venue.venue);
  try {
    return await exchange.run(venue);
  } finally {
    await exchange.stop();
  }
}

async function scenarioOn(
  exchange: RunningExchange,
  venue: CcxtVenue,
  keysFile: string,
  from: number,
): Promise<CcxtReport> {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the exchange has written it
  const written = JSON.parse(readFileSync(keysFile, 'utf8')) as Record<string, { keys: CcxtKey[] }>;
  const { rest, websocket } = exchange.venues.find((each) => each.venue === venue.venue)!;
  const task: CcxtTask = {
    venue,
    page: exchange.page,
    rest,
    websocket,
    keys: written[venue.venue]!.keys.slice(from, from + 2),
  };
  const child = spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  }
  child.stdin.end(JSON.stringify(task));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`ccxt ended with ${String(status)}: ${said.stderr}${said.stdout}`);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the child prints it
  return JSON.parse(said.stdout.split('\n').findLast((line) => line.startsWith('{')) ?? '') as CcxtReport;
}

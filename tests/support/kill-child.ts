/**
 * A session in a folder, as `quotewright simulate --journal` runs it, that says after each second of market time how many of its
 * inputs are safe: `kill-child.ts DIR SEED SECONDS DURABILITY KEEP`. It is started, killed and started again by `kill.ts`.
 */
import { writeSync } from 'node:fs';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { makeMarket, runLiving } from 'quotewright/backtest/run-living';
import { configOf, marketOf, simulationHeader } from 'quotewright/backtest/simulation-header';
import { DurableSession } from 'quotewright/journal/recovery-session';
import { UNPACED } from 'quotewright/session/pace';

const [dir = '', seed = '', seconds = '', durability = '', keep = ''] = process.argv.slice(2);
const header = await simulationHeader({
  strategy: 'basic-maker',
  param: { levels: '3' },
  alongside: [],
  symbols: 'BTCUSDT,ETHUSDT',
  market: undefined,
  duration: Number(seconds),
  latency: '1ms+exp:2ms',
  seed: Number(seed),
  risk: 'none',
});
const session = await DurableSession.open({
  dir,
  durability: durability === 'sync' ? 'sync' : durability === 'none' ? 'none' : 'batch',
  keep: keep === 'snapshots' ? 'snapshots' : 'all',
  header,
  observers: () => [],
});
const { engine, writer, lease } = session;
const delay = { floorNs: 1e6, exponentialMeanNs: 2e6 };
const say = (line: string): void => void writeSync(1, `${line}\n`);
const outcome = await runLiving({
  engine,
  market: makeMarket(marketOf(configOf(header, dir)), header.seed),
  latency: new DelayLatency(
    { request: delay, report: delay, marketData: delay },
    header.seed,
    `latency.${lease.epoch}`,
  ),
  seconds: header.config['seconds'] === undefined ? 0 : Number(header.config['seconds']),
  cash: header.cash,
  durable: {
    session,
    isSync: durability === 'sync',
    outageNs: 2e9,
    // What is compacted away needs three snapshots behind it.
    snapshotNs: keep === 'snapshots' ? 2e9 : 20e9,
    unknownOrders: Number(seed) % 2 === 0 ? 'adopt' : 'cancel',
    onComplaint: (text) => say(`complaint ${text}`),
    onReconciled: ({ booked, bookedLots, gone, adopted, cancelled, traces, differences }) => {
      say(`reconciled ${JSON.stringify({ booked, bookedLots, gone, adopted, cancelled, traces, differences })}`);
    },
  },
  host: {
    pace: UNPACED,
    slice: () => false,
    second: () => {
      say(`safe ${writer.committed}`);
      return Promise.resolve(false);
    },
    turn: () => Promise.resolve(false),
    carried: () => Promise.resolve(),
  },
});
await session.close();
say(`over ${outcome.failure}`);

/**
 * Recovery: the snapshot of a session (a maker in a living market with risk on), and the replay of its recorded inputs through the
 * engine, from memory. Reading a journal is measured apart.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '@quotewright/core/engine/engine';
import type { EngineSetup } from '@quotewright/core/engine/engine-setup';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import basicMaker from '@quotewright/core/strategies/basic-maker';
import type { InputSink } from '@quotewright/core/trading/input-sink';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { sampleMarket } from 'quotewright/calibrate/sample-markets';
import { decodeSnapshot, encodeSnapshot } from 'quotewright/journal/snapshot-format';
import { SnapshotStore } from 'quotewright/journal/snapshots';

const MINUTE_NS = 60e9;
const ROUNDS = 5;
/** Of the session, where the snapshot is taken. */
const SNAPSHOT_AT = 0.5;

export async function benchRecovery(records = 2_000_000): Promise<unknown> {
  const log = record(records);
  const outputs = log.engine.outputs.digest();

  const replays = rounds(3, () => {
    const engine = new Engine(setup());
    feed(engine, log, 0, log.count);
    if (engine.outputs.digest() !== outputs) throw new Error('the replay gave other requests than the session');
  });

  const cut = Math.floor(log.count * SNAPSHOT_AT);
  const live = new Engine(setup());
  feed(live, log, 0, cut);
  const saves = rounds(ROUNDS, () => live.save());
  const snapshot = { sequence: cut, inputs: '', outputs: '', engine: live.save(), host: null };
  const encodes = rounds(ROUNDS, () => encodeSnapshot(snapshot));
  const bytes = encodeSnapshot(snapshot);
  const restores = rounds(ROUNDS, () => new Engine(setup()).restore(decodeSnapshot(bytes).engine));

  const restored = new Engine(setup());
  restored.restore(decodeSnapshot(bytes).engine);
  feed(restored, log, cut, log.count);
  if (restored.outputs.digest() !== outputs)
    throw new Error('the restored engine gave other requests than the session');

  return {
    records: log.count,
    requests: log.engine.outputs.count,
    fills: log.engine.seats[0]?.fills,
    replayNsPerRecord: (replays[0]! * 1e6) / log.count,
    replayOf10MillionSeconds: (replays[0]! * 1e4) / log.count,
    snapshotBytes: bytes.length,
    saveMs: saves[ROUNDS >> 1],
    encodeMs: encodes[ROUNDS >> 1],
    putMs: await putMs(bytes),
    decodeAndRestoreMs: restores[ROUNDS >> 1],
  };
}

function setup(): EngineSetup {
  const params: Record<string, number | boolean | string> = {};
  for (const [name, spec] of Object.entries(basicMaker.params)) params[name] = spec.default;
  return {
    instruments: [sampleMarket('BTCUSDT').instrument],
    isL3: [false],
    venueOf: [0],
    strategies: [{ definition: basicMaker, params, observers: [] }],
    seed: 1,
    mark: Mark.MID,
    risk: {},
  };
}

class Log implements InputSink {
  readonly engine: Engine;
  readonly data: Float64Array;
  count = 0;

  constructor(records: number) {
    this.data = new Float64Array(records * EVENT_STRIDE);
    this.engine = new Engine({ ...setup(), journal: this });
  }

  append(data: Float64Array, offset: number): void {
    const at = this.count++ * EVENT_STRIDE;
    for (let i = 0; i < EVENT_STRIDE; i++) this.data[at + i] = data[offset + i]!;
  }
}

/** Lives until about so many inputs were recorded. */
function record(records: number): Log {
  // A minute brings far fewer than this.
  const log = new Log(records + 1_000_000);
  const { engine } = log;
  const session = new LivingSession(
    engine,
    new LivingMarket([sampleMarket('BTCUSDT')], 1),
    new DelayLatency({ request: 2e6, report: 2e6 }),
  );
  session.start(0);
  for (let minute = 1; log.count < records; minute++) session.run(minute * MINUTE_NS);
  return log;
}

function feed(engine: Engine, log: Log, from: number, to: number): void {
  const carrier = { send: (): void => {} };
  for (let i = from; i < to; i++) {
    engine.input(log.data, i * EVENT_STRIDE);
    if (engine.hasRequests) engine.takeRequests(carrier);
  }
}

/** Milliseconds until a snapshot is on the disk, in the middle of some. */
async function putMs(bytes: Buffer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'quotewright-bench-'));
  const store = new SnapshotStore(folder);
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is timed
    await store.put(i, bytes);
    times.push(performance.now() - began);
  }
  await store.close();
  rmSync(folder, { recursive: true });
  return times.toSorted((a, b) => a - b)[ROUNDS >> 1]!;
}

/** Milliseconds, rising. */
function rounds(count: number, run: () => void): number[] {
  const times = Array.from({ length: count }, () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  });
  return times.toSorted((a, b) => a - b);
}

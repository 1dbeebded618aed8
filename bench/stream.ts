/**
 * What clients of the stream cost a session that trades: the living market at five times the wall clock, the server on its thread, clients in
 * a process of their own (which on this machine takes its share of the two cores too). The same market each time: without a server, with
 * one and no client, with one client, with 100 of which 10 never read; all of them on every topic. In turn, several rounds.
 *
 * A slice of the trading thread is its work between two looks at the clock (some 4 ms of wall time): market, engine, strategy, journal
 * feed to the server. `late` is by how much it began after its time. Delays are from the engine's taking of an event until a client has
 * the message: of the newest event of each update (`book`), and of each print, waiting for its update included (`print`).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Histogram, build } from 'hdr-histogram-js';
import { simulate } from 'quotewright/backtest/simulation';
import { Home } from 'quotewright/home/home';
import { serverConfig } from 'quotewright/server/config';
import type { LiveSession } from 'quotewright/session/live-session';
import { type Pace, WallPace } from 'quotewright/session/pace';
import type { ClientsReport, ClientsRequest } from './stream-clients.ts';

const SPEED = 5;
const ROUNDS = 3;
const SECONDS = 15;
/** Not measured: code is compiled, clients connect and get their snapshots. */
const WARM_SECONDS = 5;
const CLIENTS = fileURLToPath(new URL(`./stream-clients${import.meta.url.slice(-3)}`, import.meta.url));

interface Phase {
  readonly name: string;
  readonly hasServer: boolean;
  readonly clients: Pick<ClientsRequest, 'readers' | 'stuck'> | undefined;
}

const PHASES: readonly Phase[] = [
  { name: 'no server', hasServer: false, clients: undefined },
  { name: 'no client', hasServer: true, clients: undefined },
  { name: '1 client', hasServer: true, clients: { readers: 1, stuck: 0 } },
  { name: '100 clients, 10 stuck', hasServer: true, clients: { readers: 90, stuck: 10 } },
];

/** What was measured in a phase, all its rounds together. */
class Measured {
  /** Nanoseconds. */
  readonly slice: Histogram = build();
  readonly late: Histogram = build();
  readonly p99OfRounds: number[] = [];
  inputs = 0;
  spentMs = 0;
  /** Microseconds of CPU of the trading thread, and of all others of the process (the server's, collections of garbage). */
  tradingCpu = 0;
  otherCpu = 0;
  wallMs = 0;
  readonly grownMb: number[] = [];
  readonly clients: ClientsReport[] = [];
}

/** The wall's pace, and what passes between its slices. */
class TimedPace implements Pace {
  readonly speed = SPEED;
  readonly #pace = new WallPace(SPEED);
  readonly #slice: (elapsedMs: number, lateMs: number) => void;
  #begunMs = Number.NaN;

  constructor(slice: (elapsedMs: number, lateMs: number) => void) {
    this.#slice = slice;
  }

  get lagMs(): number {
    return this.#pace.lagMs;
  }

  async next(nowNs: number, limitNs: number): Promise<number> {
    if (this.#begunMs === this.#begunMs) this.#slice(performance.now() - this.#begunMs, this.lagMs);
    const untilNs = await this.#pace.next(nowNs, limitNs);
    this.#begunMs = performance.now();
    return untilNs;
  }
}

export async function benchStream(): Promise<unknown> {
  const [load] = loadavg();
  const measured = new Map(PHASES.map(({ name }) => [name, new Measured()]));
  // Compiles what all of them run.
  await runPhase(PHASES[1]!, new Measured());
  for (let round = 0; round < ROUNDS; round++) {
    for (const phase of PHASES) await runPhase(phase, measured.get(phase.name)!);
  }
  return {
    cores: availableParallelism(),
    loadBefore: load,
    speed: SPEED,
    rounds: ROUNDS,
    secondsEach: SECONDS - WARM_SECONDS,
    phases: Object.fromEntries([...measured].map(([name, each]) => [name, reportOf(each)])),
  };
}

async function runPhase({ hasServer, clients }: Phase, into: Measured): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'quotewright-bench-'));
  const round = build();
  const beganMs = performance.now();
  const isWarm = (): boolean => performance.now() - beganMs > WARM_SECONDS * 1000;
  let live: LiveSession | undefined;
  let helper: Promise<ClientsReport> | undefined;
  let inputs = 0;
  let start: ReturnType<typeof used> | undefined;
  const pace = new TimedPace((elapsedMs, lateMs) => {
    const { count } = live!.engine.inputs;
    if (isWarm()) {
      start ??= used();
      const ns = Math.max(1, Math.round(elapsedMs * 1e6));
      round.recordValue(ns);
      into.slice.recordValue(ns);
      into.late.recordValue(Math.max(1, Math.round(lateMs * 1e6)));
      into.inputs += count - inputs;
      into.spentMs += elapsedMs;
    }
    inputs = count;
  });
  try {
    const { output } = await simulate({
      options: {
        strategy: 'microprice-maker',
        param: {},
        alongside: [],
        symbols: 'BTC-USD,ETH-USD',
        market: undefined,
        duration: SECONDS * SPEED,
        latency: '1ms',
        seed: 7,
        risk: undefined,
      },
      given: new Set(),
      world: {
        pace,
        server: hasServer ? serverConfig.parse({ port: 0 }) : undefined,
        home: new Home(dir),
        isInterrupted: () => false,
        say: (text) => process.stderr.write(text),
      },
      onOpen: (session) => {
        live = session;
        if (clients === undefined || session.url === undefined) return;
        const url = `${session.url.replace('http', 'ws')}/api/v1/stream`;
        helper = startClients({
          url,
          ...clients,
          speed: SPEED,
          fromMs: WARM_SECONDS * 1000,
          untilMs: (SECONDS - 1) * 1000,
        });
      },
    });
    const end = used();
    await output.close();
    into.p99OfRounds.push(round.getValueAtPercentile(99) / 1000);
    if (start === undefined) throw new Error('the session was over before it was measured');
    into.grownMb.push((end.rss - start.rss) / 1e6);
    into.tradingCpu += end.trading - start.trading;
    into.otherCpu += end.other - start.other;
    into.wallMs += end.atMs - start.atMs;
    if (helper !== undefined) into.clients.push(await helper);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** CPU in microseconds and memory in bytes, up to now. */
function used() {
  const all = process.cpuUsage();
  const mine = process.threadCpuUsage();
  const trading = mine.user + mine.system;
  return {
    rss: process.memoryUsage.rss(),
    trading,
    other: all.user + all.system - trading,
    atMs: performance.now(),
  };
}

async function startClients(request: ClientsRequest): Promise<ClientsReport> {
  const child = spawn(process.execPath, [...process.execArgv, CLIENTS, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(child, 'close');
  return JSON.parse(text);
}

function reportOf(measured: Measured): unknown {
  const { slice, late, inputs, spentMs, tradingCpu, otherCpu, wallMs, p99OfRounds, grownMb, clients } = measured;
  return {
    slices: slice.totalCount,
    inputs,
    nsPerInput: Math.round((spentMs * 1e6) / inputs),
    cpuNsPerInput: Math.round((tradingCpu * 1e3) / inputs),
    coresOfTrading: Math.round(tradingCpu / wallMs) / 1000,
    coresOfTheRest: Math.round(otherCpu / wallMs) / 1000,
    sliceMicros: micros(slice),
    sliceP99OfRounds: p99OfRounds,
    lateMicros: micros(late),
    rssGrownMb: grownMb.map(Math.round),
    ...(clients.length === 0 ? {} : { clients }),
  };
}

function micros(histogram: Histogram): unknown {
  return {
    p50: histogram.getValueAtPercentile(50) / 1000,
    p99: histogram.getValueAtPercentile(99) / 1000,
    p999: histogram.getValueAtPercentile(99.9) / 1000,
    max: histogram.maxValue / 1000,
  };
}

/**
 * Preloaded into both programs of `tick-to-trade.ts`: notes when each frame of a WebSocket leaves and arrives, by the client's port and the
 * frame's place among those of its direction; and, where a frame is sent while another connection's frame is being handled, which that was.
 * At the end of the process it writes what it has noted to the file that QUOTEWRIGHT_PROBE names. The venues' limits are a thousand times
 * what they are, on both sides: they are counted and kept, and do not stand in the way of some dozens of requests a second.
 */
import { writeFileSync } from 'node:fs';
import { ENGINE } from 'quotewright/exchange/kraken/rates';
import { SPOT_LIMITS } from 'quotewright/exchange/binance/limits';
import { SPOT_BUDGETS } from 'quotewright/venues/binance/budgets';
import { binance } from 'quotewright/venues/binance/venue';
import { PairRate } from 'quotewright/venues/kraken/limits';
import { kraken } from 'quotewright/venues/kraken/venue';
import { WebSocket } from 'ws';

/** Of one connection, in milliseconds of the machine's monotonic clock, which is the same in both processes. */
export interface Line {
  /** Before the frame is handed to its socket, and after. */
  readonly sentMs: number[];
  readonly handedMs: number[];
  readonly receivedMs: number[];
}

export interface Reaction {
  /** The connection whose frame was being handled, and the frame's place among those received. */
  readonly cause: number;
  readonly causeAt: number;
  /** The connection by which the answer left, and its place among those sent. */
  readonly port: number;
  readonly at: number;
}

export interface Noted {
  readonly lines: Readonly<Record<number, Line>>;
  readonly reactions: readonly Reaction[];
}

const LIMITS_FACTOR = 1000;
const CLOCK_TRIES = 1000;

const file = process.env['QUOTEWRIGHT_PROBE'];
const isServer = process.env['QUOTEWRIGHT_PROBE_SIDE'] === 'server';
const lines: Record<number, Line> = {};
const reactions: Reaction[] = [];
const ports = new WeakMap<WebSocket, number>();
let cause = 0;

const originMs = clockOrigin();
const nowMs = (): number => originMs + performance.now();

/** What `performance.now` is less than the monotonic clock by: the closest of many looks at both. */
function clockOrigin(): number {
  let origin = Number.POSITIVE_INFINITY;
  for (let i = 0; i < CLOCK_TRIES; i++) {
    const ms = performance.now();
    origin = Math.min(origin, Number(process.hrtime.bigint()) / 1e6 - ms);
  }
  return origin;
}

function raiseLimits(): void {
  for (const rule of [...SPOT_LIMITS, ...SPOT_BUDGETS]) Object.assign(rule, { limit: rule.limit * LIMITS_FACTOR });
  ENGINE.most *= LIMITS_FACTOR;
  ENGINE.decay *= LIMITS_FACTOR;
  const { prototype } = PairRate;
  // oxlint-disable-next-line unbound-method -- applied to the counter below
  const { take } = prototype;
  prototype.take = function raised(this: PairRate, cost: number, isCancel: boolean, nowNs: number): boolean {
    return Reflect.apply(take, this, [cost / LIMITS_FACTOR, isCancel, nowNs]);
  };
  for (const { orderRate } of [binance, kraken]) {
    if (orderRate === undefined) continue;
    const { perSecond, burst } = orderRate;
    Object.assign(orderRate, { perSecond: perSecond * LIMITS_FACTOR, burst: burst * LIMITS_FACTOR });
  }
}

function portOf(socket: WebSocket): number {
  const known = ports.get(socket);
  if (known !== undefined) return known;
  // oxlint-disable-next-line no-unsafe-type-assertion -- what `ws` keeps to itself: the connection beneath
  const beneath = Reflect.get(socket, '_socket') as { localPort?: number; remotePort?: number } | null;
  const port = (isServer ? beneath?.remotePort : beneath?.localPort) ?? 0;
  if (port !== 0) {
    ports.set(socket, port);
    lines[port] = { sentMs: [], handedMs: [], receivedMs: [] };
  }
  return port;
}

if (file !== undefined) {
  raiseLimits();
  const { prototype } = WebSocket;
  // oxlint-disable-next-line unbound-method -- applied to the socket below
  const { send, emit } = prototype;
  prototype.send = function noted(this: WebSocket, ...args: unknown[]) {
    const port = portOf(this);
    const line = lines[port];
    if (line !== undefined) {
      if (cause !== 0 && cause !== port) {
        reactions.push({ cause, causeAt: lines[cause]!.receivedMs.length - 1, port, at: line.sentMs.length });
      }
      line.sentMs.push(nowMs());
    }
    Reflect.apply(send, this, args);
    line?.handedMs.push(nowMs());
  };
  prototype.emit = function noted(this: WebSocket, ...args: Parameters<typeof emit>) {
    if (args[0] !== 'message') return Reflect.apply(emit, this, args);
    const port = portOf(this);
    lines[port]?.receivedMs.push(nowMs());
    cause = isServer ? 0 : port;
    const isHeard = Reflect.apply(emit, this, args);
    cause = 0;
    return isHeard;
  };
  process.on('exit', () => {
    const noted: Noted = { lines, reactions };
    writeFileSync(file, JSON.stringify(noted));
  });
}

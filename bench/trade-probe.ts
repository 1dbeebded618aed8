/**
 * Preloaded into both programs of `tick-to-trade.ts`: notes when each frame of a WebSocket leaves and arrives, by the client's port and the
 * frame's place among those of its direction; and, where a frame is sent while another connection's frame is being handled, which that was.
 * At the end of the process it writes what it has noted to the file that QUOTEWRIGHT_PROBE names.
 */
import { writeFileSync } from 'node:fs';
import { WebSocket } from 'ws';

/** Of one connection, in milliseconds of this process's clock. */
export interface Line {
  readonly sentMs: number[];
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

const file = process.env['QUOTEWRIGHT_PROBE'];
const isServer = process.env['QUOTEWRIGHT_PROBE_SIDE'] === 'server';
const lines: Record<number, Line> = {};
const reactions: Reaction[] = [];
const ports = new WeakMap<WebSocket, number>();
let cause = 0;

function portOf(socket: WebSocket): number {
  const known = ports.get(socket);
  if (known !== undefined) return known;
  // oxlint-disable-next-line no-unsafe-type-assertion -- what `ws` keeps to itself: the connection beneath
  const beneath = Reflect.get(socket, '_socket') as { localPort?: number; remotePort?: number } | null;
  const port = (isServer ? beneath?.remotePort : beneath?.localPort) ?? 0;
  if (port !== 0) {
    ports.set(socket, port);
    lines[port] = { sentMs: [], receivedMs: [] };
  }
  return port;
}

if (file !== undefined) {
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
      line.sentMs.push(performance.now());
    }
    Reflect.apply(send, this, args);
  };
  prototype.emit = function noted(this: WebSocket, ...args: Parameters<typeof emit>) {
    if (args[0] !== 'message') return Reflect.apply(emit, this, args);
    const port = portOf(this);
    lines[port]?.receivedMs.push(performance.now());
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

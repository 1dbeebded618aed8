/** The clients of the benchmark `stream`, a process of their own: some read everything, some nothing, one measures what it reads. */
import { setPriority } from 'node:os';
import { WebSocket } from 'ws';
import type { ServerMessage } from 'quotewright/server/protocol/stream';

export interface ClientsRequest {
  readonly url: string;
  readonly readers: number;
  /** Never read after they have subscribed. */
  readonly stuck: number;
  /** Market time a wall time. */
  readonly speed: number;
  /** What is measured, from the start of this process. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface ClientsReport {
  /** From the engine's taking of an event until the message is here, milliseconds: of the newest event of a book's update, and of each print. */
  readonly bookMs: Quantiles;
  readonly printMs: Quantiles;
  /** A second, of one client. */
  readonly updatesOfABook: number;
  readonly messages: number;
  /** Of all readers together. */
  readonly totalMessages: number;
  readonly totalBytes: number;
  /** Of those that should not be. */
  readonly closed: number;
}

interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const { url, readers, stuck, speed, fromMs, untilMs }: ClientsRequest = JSON.parse(process.argv[2] ?? '{}');
const KINDS = ['book', 'trades', 'quotes', 'heatmap'] as const;
const bookMs: number[] = [];
const printMs: number[] = [];
let bookUpdates = 0;
let messages = 0;
let totalMessages = 0;
let totalBytes = 0;
let closed = 0;

const isMeasured = (): boolean => performance.now() >= fromMs && performance.now() <= untilMs;
const wallMs = (): number => performance.timeOrigin + performance.now();

// Elsewhere clients are on other machines: here they go last.
setPriority(10);
for (let n = 0; n < readers + stuck; n++) open(n === 0, n >= readers);

function open(isProbe: boolean, isStuck: boolean): void {
  const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
  socket.once('message', (first: Buffer) => {
    const hello: ServerMessage = JSON.parse(first.toString());
    if (hello.op !== 'hello') throw new Error(`found ${hello.op}, expected hello`);
    const topics = hello.session.instruments.flatMap(({ name }) => KINDS.map((kind) => `${kind}:${name}`));
    topics.push('fills', 'pnl', 'risk', 'alerts', 'regime', 'system');
    socket.send(JSON.stringify({ op: 'subscribe', topics }));
    if (isStuck) socket.pause();
    socket.on('message', (each: Buffer) => {
      if (!isMeasured()) return;
      totalMessages += 1;
      totalBytes += each.length;
      if (isProbe) measure(JSON.parse(each.toString()));
    });
  });
  socket.on('close', () => {
    if (performance.now() < untilMs) closed += 1;
  });
  socket.on('error', (error) => process.stderr.write(`stream: a client: ${error.message}\n`));
}

function measure(message: ServerMessage): void {
  messages += 1;
  if (message.op !== 'update' || message.type !== 'delta') return;
  const lateMs = wallMs() - message.wallMs;
  if (message.topic.startsWith('book:')) {
    bookUpdates += 1;
    bookMs.push(lateMs);
  } else if (message.topic.startsWith('trades:')) {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the topic's data
    const { items } = message.data as { readonly items: readonly (readonly [number])[] };
    for (const [timeMs] of items) printMs.push(lateMs + (message.timeMs - timeMs) / speed);
  }
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(100 * (sorted[Math.floor(share * sorted.length)] ?? Number.NaN)) / 100;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

setTimeout(() => {
  const seconds = (untilMs - fromMs) / 1000;
  const report: ClientsReport = {
    bookMs: quantiles(bookMs),
    printMs: quantiles(printMs),
    updatesOfABook: Math.round(bookUpdates / seconds / 2),
    messages: Math.round(messages / seconds),
    totalMessages: Math.round(totalMessages / seconds),
    totalBytes: Math.round(totalBytes / seconds),
    closed,
  };
  process.stdout.write(JSON.stringify(report), () => process.exit());
}, untilMs);

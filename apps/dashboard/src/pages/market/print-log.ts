/** Prints and own fills of one instrument in the order they came: what the tape and the heatmap show. Longer than the stream's own list. */
import type { FillEntry, FillsData, TradeEntry, TradesData } from 'quotewright/server/protocol/stream';
import { subscribeRaw } from '../../lib/stream.ts';

export interface Print {
  readonly timeMs: number;
  readonly ticks: number;
  readonly lots: number;
  /** Of the aggressor; of the own order, when it is an own fill. */
  readonly side: 1 | -1;
  readonly isOwn: boolean;
}

const KEPT = 6000;

const fromTrade = ([timeMs, ticks, lots, side]: TradeEntry): Print => ({ timeMs, ticks, lots, side, isOwn: false });
const fromFill = ({ timeMs, ticks, lots, side }: FillEntry): Print => ({ timeMs, ticks, lots, side, isOwn: true });

/** A snapshot after a gap holds part of what is known: what is older than it stays. */
export function joinSnapshot(held: readonly Print[], snapshot: readonly Print[], isOwn: boolean): Print[] {
  const from = snapshot[0]?.timeMs ?? Infinity;
  const kept = held.filter((print) => print.isOwn !== isOwn || print.timeMs < from);
  return [...kept, ...snapshot].toSorted((a, b) => a.timeMs - b.timeMs).slice(-KEPT);
}

export class PrintLog {
  prints: Print[] = [];
  /** Prints so far: the newest has the number `count` − 1. */
  count = 0;
  /** Another one: what was known before has changed too. */
  version = 0;
  private readonly instrument: number;
  private readonly onChange: (wallMs: number) => void;
  private readonly stops: (() => void)[];

  constructor(name: string, instrument: number, onChange: (wallMs: number) => void) {
    this.instrument = instrument;
    this.onChange = onChange;
    /* oxlint-disable no-unsafe-type-assertion -- the topic says what it carries */
    this.stops = [
      subscribeRaw(`trades:${name}`, (_all, { type, data, wallMs }) => {
        this.take((data as TradesData).items.map(fromTrade), type === 'snapshot', false, wallMs);
      }),
      subscribeRaw('fills', (_all, { type, data, wallMs }) => {
        const mine = (data as FillsData).items.filter((fill) => fill.instrument === this.instrument);
        this.take(mine.map(fromFill), type === 'snapshot', true, wallMs);
      }),
    ];
    /* oxlint-enable no-unsafe-type-assertion */
  }

  private take(prints: readonly Print[], isSnapshot: boolean, isOwn: boolean, wallMs: number): void {
    if (isSnapshot) {
      this.prints = joinSnapshot(this.prints, prints, isOwn);
      this.count += prints.length;
      this.version++;
    } else {
      if (prints.length === 0) return;
      this.prints.push(...prints);
      this.count += prints.length;
      // Seldom, and then many: cutting at every print would copy the list each time.
      if (this.prints.length > KEPT * 1.2) this.prints = this.prints.slice(-KEPT);
    }
    this.onChange(wallMs);
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }
}

/** What a person looks for in a flight. Of a kind with very many, those that are kept stand evenly among all, and the rest are counted. */
import { type FlightMarkKind, type FlightOverview } from '../server/protocol/research.ts';

type Mark = FlightOverview['marks'][number];

/** Kept of a kind at most. */
const MOST_MARKS = 2000;

interface Kept {
  marks: Mark[];
  /** All of the kind so far; every `every`th is kept. */
  seen: number;
  every: number;
}

export class Marks {
  readonly #kinds = new Map<FlightMarkKind, Kept>();
  readonly #most: number;

  constructor(most = MOST_MARKS) {
    this.#most = most;
  }

  /** @param text is called when the mark is kept */
  add(kind: FlightMarkKind, event: number, timeMs: number, text: () => string): void {
    let kept = this.#kinds.get(kind);
    if (kept === undefined) this.#kinds.set(kind, (kept = { marks: [], seen: 0, every: 1 }));
    if (kept.seen++ % kept.every !== 0) return;
    kept.marks.push({ event, timeMs, kind, text: text() });
    if (kept.marks.length <= this.#most) return;
    kept.marks = kept.marks.filter((_, i) => i % 2 === 0);
    kept.every *= 2;
  }

  /** By event. */
  get marks(): Mark[] {
    return [...this.#kinds.values()].flatMap(({ marks }) => marks).toSorted((a, b) => a.event - b.event);
  }

  get leftOut(): Partial<Record<FlightMarkKind, number>> {
    const missing = [...this.#kinds].map(([kind, { marks, seen }]) => [kind, seen - marks.length] as const);
    return Object.fromEntries(missing.filter(([, count]) => count > 0));
  }
}

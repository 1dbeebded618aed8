/**
 * The resting orders of all participants by a small number of ours, which the engine carries as REF. A noise order stands in
 * the list from which cancels draw; a maker's order stands in its cell of the maker's ladder.
 */

/** Participants; makers are numbered from MAKER on. */
export const Participant = { NOISE: 0, OWN: 1, MOMENTUM: 2, INFORMED: 3, FUNDAMENTAL: 4, MAKER: 5 } as const;

const { NOISE, MAKER } = Participant;

/** Int32 fields of an entry: `words[(entry << 3) | …]`. */
export const Entry = {
  SLOT: 0,
  GENERATION: 1,
  PARTICIPANT: 2,
  /** Noise: place in `live`. Maker: cell. Own: the desk's number of the order. */
  HOME: 3,
  SIDE: 4,
  /** 1 once it stands in the book. */
  RESTING: 5,
  /** Free entry: the next one. */
  NEXT: 0,
} as const;

const { SLOT, GENERATION, PARTICIPANT, HOME, SIDE, RESTING, NEXT } = Entry;

export class OrderTable {
  words = new Int32Array(8 * 1024);
  /** Price at which it rests, and the venue's number of the order: `doubles[(entry << 1) | 0 or 1]`. */
  doubles = new Float64Array(2 * 1024);
  /** Entries of resting noise orders, in no order. */
  live = new Int32Array(1024);
  liveCount = 0;
  /** Entry by maker, side and level; 0 = none. */
  readonly cells: Int32Array;
  #free = 0;
  #fresh = 1;

  constructor(cells: number) {
    this.cells = new Int32Array(cells);
  }

  /** Takes an entry for an order that does not rest yet. */
  take(participant: number, side: number, home: number, number: number): number {
    let entry = this.#free;
    if (entry !== 0) this.#free = this.words[(entry << 3) | NEXT];
    else {
      entry = this.#fresh++;
      if (entry << 3 === this.words.length) this.#grow();
    }
    const at = entry << 3;
    const words = this.words;
    words[at | PARTICIPANT] = participant;
    words[at | HOME] = home;
    words[at | SIDE] = side;
    words[at | RESTING] = 0;
    this.doubles[(entry << 1) | 1] = number;
    return entry;
  }

  /** The order rests under this handle. */
  rest(entry: number, slot: number, generation: number, priceTicks: number): void {
    const words = this.words;
    const at = entry << 3;
    words[at | SLOT] = slot;
    words[at | GENERATION] = generation;
    words[at | RESTING] = 1;
    this.doubles[entry << 1] = priceTicks;
    const participant = words[at | PARTICIPANT];
    if (participant === NOISE) {
      if (this.liveCount === this.live.length) {
        const live = new Int32Array(this.live.length * 2);
        live.set(this.live);
        this.live = live;
      }
      words[at | HOME] = this.liveCount;
      this.live[this.liveCount++] = entry;
    } else if (participant >= MAKER) this.cells[words[at | HOME]] = entry;
  }

  /** The order is gone: its entry is free, and its place in list or ladder too. */
  release(entry: number): void {
    const words = this.words;
    const at = entry << 3;
    const participant = words[at | PARTICIPANT];
    if (words[at | RESTING] === 1) {
      const home = words[at | HOME];
      if (participant === NOISE) {
        const moved = this.live[--this.liveCount];
        this.live[home] = moved;
        words[(moved << 3) | HOME] = home;
      } else if (participant >= MAKER) this.cells[home] = 0;
    }
    words[at | RESTING] = 0;
    words[at | NEXT] = this.#free;
    this.#free = entry;
  }

  #grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    const doubles = new Float64Array(this.doubles.length * 2);
    doubles.set(this.doubles);
    this.doubles = doubles;
  }
}

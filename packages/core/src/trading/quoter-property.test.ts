/** Quoters against a venue that delays, refuses, fills in between, loses and repeats. */
import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import { MessageBudget } from './message-budget.ts';
import { OrderState } from './order-state.ts';
import { Quoter, type QuoterOptions } from './quoter.ts';
import { DeskHarness } from './testing/desk-harness.ts';
import { type Chances, FakeVenue } from './testing/fake-venue.ts';

const CALM: Chances = { refuse: 0, fill: 0, lose: 0, repeat: 0 };
const ROUGH: Chances = { refuse: 100, fill: 60, lose: 30, repeat: 100 };

const byPrice = (levels: Map<number, number>): number[][] => [...levels].toSorted((a, b) => a[0] - b[0]);

class World {
  readonly random: Random;
  readonly harness = new DeskHarness({ ackTimeoutNs: 2000 });
  readonly venue: FakeVenue;
  readonly quoter: Quoter;
  readonly options: QuoterOptions;
  /** By side, price → size. */
  wanted: [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
  booked = 0;
  messages = 0;
  #answered = 0;

  constructor(seed: number, options: QuoterOptions, chances: Chances, budget?: MessageBudget) {
    this.random = Random.stream(seed, 'world');
    this.venue = new FakeVenue(Random.stream(seed, 'venue'), this.harness, chances);
    this.options = options;
    this.quoter = new Quoter(this.harness.desk, 0, 0, budget, options);
  }

  /** Wants up to three levels a side around a price that wanders. */
  changeMind(): void {
    const middle = 1000 + this.random.below(12);
    this.wanted = [new Map(), new Map()];
    for (let level = this.random.below(4); level > 0; level--) {
      this.wanted[Side.BUY].set(middle - 1 - this.random.below(4), 1 + this.random.below(9));
    }
    for (let level = this.random.below(4); level > 0; level--) {
      this.wanted[Side.SELL].set(middle + 1 + this.random.below(4), 1 + this.random.below(9));
    }
  }

  /** What the engine does after an event. */
  react(): void {
    const { desk } = this.harness;
    for (; this.#answered < this.venue.answers.length; this.#answered++) {
      const answer = this.venue.answers[this.#answered]!;
      expect(answer).not.toMatch(/UNKNOWN_ORDER|MALFORMED|OVERFILL/);
    }
    while (desk.timeOut(this.harness.nowNs) >= 0);
    this.quoter.wanted.clear();
    for (const [price, size] of this.wanted[Side.BUY]) this.quoter.wanted.bid(price, size);
    for (const [price, size] of this.wanted[Side.SELL]) this.quoter.wanted.ask(price, size);
    this.quoter.reconcile(this.harness.nowNs);
    for (const request of this.harness.requests()) {
      this.messages++;
      if (request.kind === 'NEW') this.#checkExposure((request.flags & 1) !== 0 ? Side.BUY : Side.SELL);
      this.venue.send(request);
    }
    const bid = desk.bestTicks(0, 0, Side.BUY);
    const ask = desk.bestTicks(0, 0, Side.SELL);
    if (bid >= ask) throw new Error(`own bid ${bid} and offer ${ask} may meet at ${this.harness.nowNs}`);
  }

  /** A new order went out: no more is at work than is wanted. */
  #checkExposure(side: Side): void {
    if (this.options.overlap === true) return;
    const wanted = [...this.wanted[side].values()].reduce((sum, size) => sum + size, 0);
    expect(this.harness.desk.openLots(0, 0, side)).toBeLessThanOrEqual(wanted);
  }

  get nextNs(): number {
    return Math.min(this.venue.nextNs, this.harness.desk.nextTimeoutNs, this.quoter.nextNs);
  }

  /** The next thing that happens by itself. */
  step(): void {
    this.harness.nowNs = Math.max(this.harness.nowNs, this.nextNs);
    if (this.venue.nextNs <= this.harness.nowNs) this.venue.step();
    this.react();
  }

  /** Lets everything come to rest. */
  settle(): void {
    this.venue.chances = CALM;
    for (let steps = 0; this.nextNs < Infinity; steps++) {
      if (steps > 10_000) throw new Error('it does not come to rest');
      this.step();
    }
  }

  /** Open lots by price, of the venue and of the desk. */
  checkAgreement(): void {
    const { desk } = this.harness;
    const seen: string[] = [];
    for (let slot = desk.firstSlot(0, 0); slot >= 0; slot = desk.nextSlot(slot)) {
      expect(desk.stateAt(slot)).toBe(OrderState.LIVE);
      seen.push([desk.idAt(slot), desk.priceTicksAt(slot), desk.sizeLotsAt(slot), desk.filledLotsAt(slot)].join());
    }
    const there = [...this.venue.orders.values()].map(({ id, price, total, filled }) =>
      [id, price, total, filled].join(),
    );
    expect(seen.toSorted()).toEqual(there.toSorted());
    for (const side of [Side.BUY, Side.SELL]) {
      const open = new Map<number, number>();
      for (const { isBuy, price, total, filled } of this.venue.orders.values()) {
        if (isBuy === (side === Side.BUY)) open.set(price, (open.get(price) ?? 0) + total - filled);
      }
      expect(byPrice(open)).toEqual(byPrice(this.wanted[side]));
    }
  }
}

const STYLES: Readonly<Record<string, QuoterOptions>> = {
  'one order a level': { resize: 'one-order' },
  'one order a level, amending': { resize: 'one-order', canAmend: true },
  'keeping the place, amending': { canAmend: true },
  'overlapping, one order a level': { resize: 'one-order', overlap: true },
  'overlapping, amending': { canAmend: true, overlap: true },
  'with a minimum life': { resize: 'one-order', canAmend: true, minQuoteLifeNs: 300 },
};

for (const [name, style] of Object.entries(STYLES)) {
  for (const [weather, chances] of Object.entries({ calm: CALM, rough: ROUGH })) {
    test(`${name}, ${weather}: at rest the venue has what is wanted, and the desk knows it`, () => {
      for (let seed = 1; seed <= 40; seed++) {
        const budget = seed % 3 === 0 ? new MessageBudget({ perSecond: 2e7, burst: 6 }) : undefined;
        const world = new World(seed, { rejectDelayNs: 100, ...style }, chances, budget);
        for (let phase = 0; phase < 6; phase++) {
          world.venue.chances = chances;
          for (let event = 0; event < 30; event++) {
            const untilNs = world.harness.nowNs + world.random.below(60);
            while (world.nextNs <= untilNs) world.step();
            world.harness.nowNs = untilNs;
            if (world.random.below(3) === 0) world.changeMind();
            world.venue.trade();
            world.react();
          }
          world.settle();
          world.checkAgreement();
        }
        const { answers, executed } = world.venue;
        expect(answers.filter((answer) => answer.includes('FILL')).length).toBeLessThanOrEqual(executed);
      }
    });
  }
}

test('lots booked are the lots executed, each once, however reports are repeated', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const world = new World(seed, { resize: 'one-order', rejectDelayNs: 100 }, { ...ROUGH, repeat: 500, fill: 200 });
    const { desk } = world.harness;
    const filled = new Map<number, number>();
    for (let event = 0; event < 200; event++) {
      world.harness.nowNs += world.random.below(60);
      if (world.random.below(3) === 0) world.changeMind();
      while (world.nextNs <= world.harness.nowNs) world.step();
      world.venue.trade();
      world.react();
      for (let slot = 0; slot < 400; slot++) {
        if (desk.table.doubles[slot << 4]! > 0) filled.set(desk.idAt(slot), desk.filledLotsAt(slot));
      }
    }
    world.settle();
    for (const id of filled.keys()) {
      const slot = desk.slotOf(id);
      if (slot >= 0) filled.set(id, desk.filledLotsAt(slot));
    }
    expect([...filled.values()].reduce((sum, lots) => sum + lots, 0)).toBe(world.venue.executed);
  }
});

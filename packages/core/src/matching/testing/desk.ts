/** An engine for examples: orders are named by REF alone, and events read as lines of text. */
import { Side } from '../../market/side.ts';
import { type MarketState, Reason } from '../codes.ts';
import { MatchingEngine } from '../engine.ts';
import { MatchEvent, MatchEventBuffer } from '../events.ts';
import { type SubmitFields, completeRequest } from './ops.ts';
import { type Published, readEvents } from './published.ts';

const nameOf = (codes: Readonly<Record<string, number>>, code: number): string =>
  Object.keys(codes).find((name) => codes[name] === code) ?? `${code}`;

export class Desk {
  readonly engine: MatchingEngine;
  readonly #handles = new Map<number, { slot: number; generation: number }>();
  #said: string[] = [];

  /** @param buffer records of the event buffer */
  constructor(buffer = 64) {
    const events = new MatchEventBuffer(buffer, (full) => {
      for (const event of readEvents(full)) this.#read(event);
    });
    this.engine = new MatchingEngine(events, 64);
  }

  /** Plain without `fields`, else through `submit`. Answers what the engine answers. */
  buy(ref: number, lots: number, price: number, fields?: SubmitFields): number {
    return this.#enter(Side.BUY, ref, lots, price, fields);
  }

  sell(ref: number, lots: number, price: number, fields?: SubmitFields): number {
    return this.#enter(Side.SELL, ref, lots, price, fields);
  }

  cancel(ref: number): boolean {
    const { slot, generation } = this.handle(ref);
    return this.engine.cancel(slot, generation);
  }

  amend(ref: number, lots: number, price: number): boolean {
    const { slot, generation } = this.handle(ref);
    return this.engine.amend(slot, generation, price, lots);
  }

  /** Handle that the order was accepted with. */
  handle(ref: number): { slot: number; generation: number } {
    this.engine.events.flush();
    return this.#handles.get(ref) ?? { slot: 0, generation: 0 };
  }

  /** What happened since the last time: `ACCEPTED 7 5@10`, `TRADED 8x7 5@10 gone` (taker, maker), `CANCELLED 7 1@10 REQUESTED gone`. */
  said(): string[] {
    this.engine.events.flush();
    const said = this.#said;
    this.#said = [];
    return said;
  }

  /** The same, trades only, without their first word. */
  trades(): string[] {
    return this.said()
      .filter((line) => line.startsWith('TRADED'))
      .map((line) => line.slice(7));
  }

  /** Goes on in a state of the market. */
  in(state: MarketState): this {
    this.engine.setState(state);
    return this;
  }

  /** Shown lots by level, best first: `5@10 7@9`. */
  shown(side: Side): string {
    const { book } = this.engine;
    const levels: string[] = [];
    for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
      levels.push(`${book.levelLots(level)}@${book.levelPrice(level)}`);
    }
    return levels.join(' ');
  }

  #enter(side: Side, ref: number, sizeLots: number, priceTicks: number, fields: SubmitFields | undefined): number {
    if (fields === undefined) return this.engine.limit(side, priceTicks, sizeLots, ref, 0, 0, 0);
    const { request } = this.engine;
    request.reset();
    Object.assign(request, completeRequest({ op: 'submit', side, ref, sizeLots, priceTicks, ...fields }));
    if (fields.link !== undefined) {
      const { slot, generation } = this.handle(fields.link);
      request.linkSlot = slot;
      request.linkGeneration = generation;
    }
    return this.engine.submit();
  }

  #read(event: Published): void {
    const { kind, ref, slot, last, reason, price, lots } = event;
    if (kind === MatchEvent.ACCEPTED) this.#handles.set(ref, { slot, generation: last });
    const maker = kind === MatchEvent.TRADED ? `x${last}` : '';
    const sold = event.side === Side.SELL && kind === MatchEvent.TRADED ? ' sold' : '';
    const why = reason === Reason.NONE ? '' : ` ${nameOf(Reason, reason)}`;
    const gone = event.isGone ? ' gone' : '';
    this.#said.push(`${nameOf(MatchEvent, kind)} ${ref}${maker} ${lots}@${price}${sold}${why}${gone}`);
  }
}

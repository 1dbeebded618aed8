/**
 * Why a strategy has no order in an instrument, as far as that can be told from outside, so that a session that quotes nothing does not
 * stand there in silence: its limits refuse what it wants, it is paused, it is new to the market. Looks at each second of market time.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { LIMITS, type LimitSpec } from '@quotewright/core/risk/limits';
import { REFUSAL_TEXT, Refusal } from '@quotewright/core/trading/refusal';
import { STRATEGY_STATE_NAMES, StrategyState } from '@quotewright/core/trading/strategy-state';

/** Market time without an order, and with refusals, after which limits are named. */
const PATIENCE_NS = 5e9;
/** Refusals count for so long: who was refused tries again, but ever more seldom. */
const RECENT_NS = 60e9;
/** A strategy that has had no order beyond its `warmup` by so much waits for something else. */
const SLACK_NS = 2e9;

/** Limits that refuse until somebody changes something; others, such as the age of a price, pass. */
const LASTING = LIMITS.map(({ refusal }) => refusal >= Refusal.ORDER_SIZE && refusal <= Refusal.BALANCE);
/** What smaller orders reach as well. */
const OF_A_DAY: ReadonlySet<number> = new Set([
  Refusal.DAILY_VOLUME,
  Refusal.DAILY_TURNOVER,
  Refusal.DAILY_LOSS,
  Refusal.DRAWDOWN,
]);

/** What is looked at of an engine. */
export interface Watched {
  readonly seats: readonly (Pick<Engine['seats'][number], 'index' | 'name' | 'state' | 'params'> & {
    readonly ledger: Pick<Engine['seats'][number]['ledger'], 'turnover'>;
  })[];
  readonly instruments: readonly Pick<Engine['instruments'][number], 'venue' | 'symbol'>[];
  readonly desk: Pick<Engine['desk'], 'count'>;
  readonly risk?: { readonly gate: Pick<NonNullable<Engine['risk']>['gate'], 'refusals'> } | undefined;
}

/** A strategy in an instrument. */
interface Place {
  hasStood: boolean;
  /** Since when it has no order. */
  sinceNs: number;
}

interface Refused {
  /** By limit, as of the last look. */
  readonly counts: number[];
  /** The limit that refused most between two looks, and when; undefined: none yet. */
  limit: LimitSpec | undefined;
  ns: number;
}

export class IdleWatch {
  /** What was told of limits: each once. */
  readonly notes: string[] = [];
  readonly #engine: Watched;
  readonly #say: (line: string) => void;
  readonly #places: readonly (readonly Place[])[];
  readonly #refused: readonly Refused[];
  #startNs = Number.NaN;
  #nowNs = Number.NaN;

  /** @param say is told once of each strategy, instrument and limit */
  constructor(engine: Watched, say: (line: string) => void) {
    this.#engine = engine;
    this.#say = say;
    this.#places = engine.seats.map(({ ledger }) =>
      engine.instruments.map((_, market) => ({ hasStood: ledger.turnover(market) > 0, sinceNs: Number.NaN })),
    );
    this.#refused = engine.seats.map(({ index }) => ({
      counts: LIMITS.map(({ refusal }) => engine.risk?.gate.refusals(index, refusal) ?? 0),
      limit: undefined,
      ns: Number.NaN,
    }));
  }

  look(nowNs: number): void {
    const { seats, desk, instruments } = this.#engine;
    if (this.#startNs !== this.#startNs) this.#startNs = nowNs;
    this.#nowNs = nowNs;
    for (const { index, name } of seats) {
      this.#countRefused(index, nowNs);
      for (const [market, { venue, symbol }] of instruments.entries()) {
        const place = this.#places[index]![market]!;
        if (desk.count(index, market) > 0) {
          place.hasStood = true;
          place.sinceNs = Number.NaN;
        } else if (place.sinceNs !== place.sinceNs) place.sinceNs = nowNs;
        const limit = this.#limitAt(index, market);
        if (limit === undefined) continue;
        const why = `its orders are refused by ${limit.name} (${REFUSAL_TEXT[limit.refusal]})`;
        const smaller = OF_A_DAY.has(limit.refusal) ? '' : ', or the size of its orders (--param)';
        const remedy = `set the limit (--risk FILE, quotewright risk set)${smaller}`;
        const line = `${name} has no order in ${venue}:${symbol}: ${why}; ${remedy}`;
        if (this.notes.includes(line)) continue;
        this.notes.push(line);
        this.#say(line);
      }
    }
  }

  /** A few words; empty when it has orders, or nothing can be told. */
  reason(strategy: number, market: number): string {
    const { seats, desk } = this.#engine;
    const seat = seats[strategy]!;
    if (seat.state !== StrategyState.RUNNING) return STRATEGY_STATE_NAMES[seat.state];
    if (desk.count(strategy, market) > 0) return '';
    const limit = this.#limitAt(strategy, market);
    if (limit !== undefined) return `refused: ${limit.name}`;
    const { warmup } = seat.params;
    const isNew = !this.#places[strategy]![market]!.hasStood;
    if (!isNew || typeof warmup !== 'number' || !(warmup > 0)) return '';
    const isWarming = !(this.#nowNs - this.#startNs > warmup * 1e9 + SLACK_NS);
    return isWarming ? 'warming up' : '';
  }

  /** The limit because of which a strategy has had no order in an instrument for a while. */
  #limitAt(strategy: number, market: number): LimitSpec | undefined {
    const { limit, ns } = this.#refused[strategy]!;
    const { sinceNs } = this.#places[strategy]![market]!;
    const isLong = this.#nowNs - sinceNs >= PATIENCE_NS;
    return isLong && ns >= sinceNs && this.#nowNs - ns <= RECENT_NS ? limit : undefined;
  }

  #countRefused(strategy: number, nowNs: number): void {
    const refused = this.#refused[strategy]!;
    let most = 0;
    for (const [index, limit] of LIMITS.entries()) {
      if (!LASTING[index]!) continue;
      const count = this.#engine.risk?.gate.refusals(strategy, limit.refusal) ?? 0;
      const more = count - refused.counts[index]!;
      refused.counts[index] = count;
      if (more <= most) continue;
      most = more;
      refused.limit = limit;
      refused.ns = nowNs;
    }
  }
}

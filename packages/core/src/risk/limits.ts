/**
 * The limits of trading: what there is, their defaults, and the values by scope.
 *
 * What is said nowhere has its default; `null` (NaN in records) = no limit; 0 is a limit of 0. Scopes narrower than GLOBAL have no
 * defaults: what is said there holds in addition. Amounts are in the risk currency, sizes in the base currency (an inverse
 * contract counts by its value at the mid).
 */
import { Refusal } from '../trading/refusal.ts';
import type { RiskMarket } from './risk-market.ts';

export const Scope = { GLOBAL: 0, VENUE: 1, INSTRUMENT: 2, STRATEGY: 3 } as const;
export type Scope = (typeof Scope)[keyof typeof Scope];
export const SCOPE_NAMES = ['global', 'venue', 'instrument', 'strategy'] as const;

/** How several scopes go together. */
export type LimitKind =
  /** The tightest value of all scopes that an order is in holds for what the limit is about. */
  | 'tightest'
  /** As above, but a strategy's value is compared with the strategy's own part. */
  | 'position'
  /** Each scope's value is compared with the sum over the scope. */
  | 'sum'
  | 'global';

export interface LimitSpec {
  readonly name: string;
  readonly unit: string;
  /** null = no limit unless one is set. */
  readonly preset: number | null;
  /** What the gate refuses with; NONE when the limit only warns. */
  readonly refusal: Refusal;
  readonly kind: LimitKind;
  readonly scopes: readonly Scope[];
  readonly about: string;
}

const { GLOBAL, VENUE, INSTRUMENT, STRATEGY } = Scope;
const ALL: readonly Scope[] = [GLOBAL, VENUE, INSTRUMENT, STRATEGY];

function limit(
  name: string,
  unit: string,
  preset: number | null,
  refusal: Refusal,
  kind: LimitKind,
  scopes: readonly Scope[],
  about: string,
): LimitSpec {
  return { name, unit, preset, refusal, kind, scopes, about };
}

/** Indices in this table are stable: journals hold them. New limits go to the end. */
export const LIMITS: readonly LimitSpec[] = [
  limit(
    'max_position_size',
    'base',
    10,
    Refusal.POSITION,
    'position',
    ALL,
    'position in one instrument, open orders at their worst',
  ),
  limit(
    'max_notional_exposure',
    'risk',
    1e6,
    Refusal.NOTIONAL,
    'position',
    ALL,
    'value of the position in one instrument at the mid, open orders at their worst',
  ),
  limit(
    'max_net_exposure',
    'risk',
    5e5,
    Refusal.NET_EXPOSURE,
    'sum',
    [GLOBAL, VENUE, STRATEGY],
    'signed values of all positions added up, open orders at their worst',
  ),
  limit(
    'max_gross_exposure',
    'risk',
    2e6,
    Refusal.GROSS_EXPOSURE,
    'sum',
    [GLOBAL, VENUE, STRATEGY],
    'values of all positions added up without sign, open orders at their worst',
  ),
  limit(
    'max_drawdown_pct',
    '%',
    5,
    Refusal.DRAWDOWN,
    'global',
    [GLOBAL],
    'fall of equity from its peak, the capital at the start included',
  ),
  limit(
    'daily_loss_limit',
    'risk',
    1e4,
    Refusal.DAILY_LOSS,
    'sum',
    [GLOBAL, STRATEGY],
    'fall of equity (of a strategy: of its profit) since the start of the day',
  ),
  limit('max_order_size', 'base', 1, Refusal.ORDER_SIZE, 'tightest', ALL, 'size of one order'),
  limit('max_order_value', 'risk', 5e4, Refusal.ORDER_VALUE, 'tightest', ALL, 'value of one order at its price'),
  limit(
    'max_daily_volume',
    'base',
    100,
    Refusal.DAILY_VOLUME,
    'position',
    ALL,
    'traded in one instrument since the start of the day, all open orders included',
  ),
  limit(
    'max_orders_per_second',
    '1/s',
    100,
    Refusal.ORDER_RATE,
    'tightest',
    [GLOBAL, VENUE, STRATEGY],
    'new orders and amendments of one strategy at one venue in the long run',
  ),
  limit(
    'max_order_burst',
    'orders',
    100,
    Refusal.ORDER_RATE,
    'tightest',
    [GLOBAL, VENUE, STRATEGY],
    'orders and amendments of one strategy at one venue at once after a silence',
  ),
  limit(
    'order_cooldown_ms',
    'ms',
    100,
    Refusal.ORDER_COOLDOWN,
    'global',
    [GLOBAL],
    'no order of the strategy at the venue for so long after its order rate ran dry',
  ),
  limit('price_collar_pct', '%', 10, Refusal.COLLAR_MID, 'tightest', ALL, 'distance of the price from the mid'),
  limit('last_collar_pct', '%', 10, Refusal.COLLAR_LAST, 'tightest', ALL, 'distance of the price from the last print'),
  limit(
    'fat_finger_pct',
    '%',
    5,
    Refusal.FAT_FINGER,
    'tightest',
    ALL,
    'how far the price is through the best price of the other side',
  ),
  limit(
    'max_price_age_ms',
    'ms',
    10_000,
    Refusal.STALE_PRICE,
    'tightest',
    ALL,
    'age of the book; an older, crossed or incomplete one lets through what reduces risk only',
  ),
  limit(
    'max_base_position',
    'base',
    20,
    Refusal.BASE_POSITION,
    'global',
    [GLOBAL],
    'net position of all instruments of one base currency, open orders at their worst',
  ),
  limit(
    'max_portfolio_position',
    'risk',
    2e6,
    Refusal.PORTFOLIO_POSITION,
    'global',
    [GLOBAL],
    'values of the net positions by base currency added up without sign, open orders at their worst',
  ),
  limit(
    'max_daily_turnover',
    'risk',
    1e7,
    Refusal.DAILY_TURNOVER,
    'sum',
    ALL,
    'value traded since the start of the day, all open orders included',
  ),
  limit(
    'max_leverage',
    '×',
    20,
    Refusal.MARGIN,
    'global',
    [GLOBAL],
    'gross exposure as a multiple of equity, open orders at their worst',
  ),
  limit(
    'min_balance',
    'currency',
    null,
    Refusal.BALANCE,
    'global',
    [GLOBAL],
    'what is left of the currency that a spot order pays with, all open orders done',
  ),
  limit(
    'duplicate_window_ms',
    'ms',
    50,
    Refusal.DUPLICATE,
    'global',
    [GLOBAL],
    'an order of the same strategy, side, price and size is refused while one that is younger than this is unfinished; quotes are not concerned',
  ),
  limit(
    'self_cross_ticks',
    'ticks',
    0,
    Refusal.SELF_CROSS,
    'global',
    [GLOBAL],
    'an order must stay farther than this from own orders of the other side, of all strategies',
  ),
  limit(
    'warning_share',
    'share',
    0.8,
    Refusal.NONE,
    'global',
    [GLOBAL],
    'share of the position, loss and drawdown limits at which to warn',
  ),
  limit(
    'max_var',
    'risk',
    1e4,
    Refusal.NONE,
    'global',
    [GLOBAL],
    'value at risk of all positions, when a risk file has it watched; above it trading is REDUCING',
  ),
];

/** Index in `LIMITS` by name. */
export const LIMIT_INDEX: ReadonlyMap<string, number> = new Map(LIMITS.map(({ name }, index) => [name, index]));

/** Values by name; null = no limit. What is absent has its default. */
export type LimitValues = Readonly<Record<string, number | null>>;

export interface LimitSettings {
  readonly global?: LimitValues;
  /** By name of the venue, symbol of the instrument (or `venue:symbol`), index of the strategy. */
  readonly venues?: Readonly<Record<string, LimitValues>>;
  readonly instruments?: Readonly<Record<string, LimitValues>>;
  readonly strategies?: Readonly<Record<number, LimitValues>>;
}

const COUNT = LIMITS.length;
const NO_LIMIT = Number.POSITIVE_INFINITY;

export class Limits {
  /** Goes up with every change. */
  version = 1;
  /** Rows of the scopes: global, venues, instruments, strategies. */
  readonly #starts: readonly number[];
  readonly #sizes: readonly number[];
  /** NaN = nothing said there, Infinity = no limit. */
  readonly #values: Float64Array;

  /** @throws RangeError that names the field. */
  constructor(settings: LimitSettings, markets: readonly RiskMarket[], venueOf: readonly number[], strategies: number) {
    const venues = Math.max(-1, ...venueOf) + 1;
    this.#sizes = [1, venues, markets.length, strategies];
    this.#starts = [0, 1, 1 + venues, 1 + venues + markets.length];
    this.#values = new Float64Array((1 + venues + markets.length + strategies) * COUNT).fill(Number.NaN);
    for (let i = 0; i < COUNT; i++) this.#values[i] = LIMITS[i].preset ?? NO_LIMIT;
    this.#fill('limits.global', GLOBAL, [0], settings.global ?? {});
    for (const [name, values] of Object.entries(settings.venues ?? {})) {
      const at = markets.filter(({ instrument }) => instrument.venue === name).map(({ index }) => venueOf[index]);
      this.#fill(`limits.venues.${name}`, VENUE, at, values);
    }
    for (const [name, values] of Object.entries(settings.instruments ?? {})) {
      const isMeant = ({ instrument: { symbol, venue } }: RiskMarket): boolean =>
        symbol === name || `${venue}:${symbol}` === name;
      const at = markets.filter(isMeant).map(({ index }) => index);
      this.#fill(`limits.instruments.${name}`, INSTRUMENT, at, values);
    }
    for (const [name, values] of Object.entries(settings.strategies ?? {})) {
      const index = /^\d+$/.test(name) ? Number(name) : -1;
      this.#fill(`limits.strategies.${name}`, STRATEGY, index >= 0 && index < strategies ? [index] : [], values);
    }
  }

  /** What was said in a scope: NaN = nothing, Infinity = no limit. */
  at(limitIndex: number, scope: Scope, index: number): number {
    return this.#values[(this.#starts[scope] + index) * COUNT + limitIndex];
  }

  /** @param value NaN = no limit. @returns false when there is no such limit or scope, or the value is negative: nothing was done */
  set(limitIndex: number, scope: number, index: number, value: number): boolean {
    const spec = LIMITS[limitIndex];
    const size = this.#sizes[scope];
    if (spec === undefined || size === undefined || !(index >= 0 && index < size) || !Number.isInteger(index))
      return false;
    if (!spec.scopes.some((one) => one === scope) || value < 0) return false;
    this.#values[(this.#starts[scope] + index) * COUNT + limitIndex] = value === value ? value : NO_LIMIT;
    this.version++;
    return true;
  }

  save(): Float64Array {
    return this.#values.slice();
  }

  /** @throws RangeError when it was saved with other instruments or strategies. */
  restore(state: Float64Array): void {
    if (state.length !== this.#values.length) {
      throw new RangeError(`limits: a state of ${state.length} values does not fit ${this.#values.length}`);
    }
    this.#values.set(state);
    this.version++;
  }

  #fill(where: string, scope: Scope, indices: readonly number[], values: LimitValues): void {
    if (indices.length === 0) throw new RangeError(`${where}: there is no such ${SCOPE_NAMES[scope]}`);
    if (typeof values !== 'object' || values === null)
      throw new RangeError(`${where}: ${String(values)} is no table of limits`);
    for (const [name, value] of Object.entries(values)) {
      const index = LIMIT_INDEX.get(name);
      if (index === undefined) {
        const names = LIMITS.map((spec) => spec.name).join(', ');
        throw new RangeError(`${where}: there is no limit '${name}' (there are ${names})`);
      }
      if (!LIMITS[index].scopes.includes(scope)) {
        const names = LIMITS[index].scopes.map((one) => SCOPE_NAMES[one]).join(', ');
        throw new RangeError(`${where}.${name}: not a limit of one ${SCOPE_NAMES[scope]} (of ${names})`);
      }
      if (value !== null && (typeof value !== 'number' || !(value >= 0) || value - value !== 0)) {
        throw new RangeError(`${where}.${name}: '${String(value)}' is not null or a finite number from 0`);
      }
      for (const at of indices) this.#values[(this.#starts[scope] + at) * COUNT + index] = value ?? NO_LIMIT;
    }
  }
}

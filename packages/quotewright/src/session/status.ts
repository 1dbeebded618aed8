/** What a terminal shows of a session that runs: taken from the engine when somebody looks. */
import { nsToIso } from '@quotewright/core/base/time';
import type { Engine } from '@quotewright/core/engine/engine';
import { Side } from '@quotewright/core/market/side';
import { BREAKER_STATE_NAMES, RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import type { SeverityName } from '../alerts/alert.ts';
import type { PnlData } from '../server/protocol/stream.ts';
import type { IdleWatch } from './idle-watch.ts';
import type { Pace } from './pace.ts';

/** One instrument as one strategy has it. Prices and sizes are decimal text; null = there is none. */
export interface StatusRow {
  readonly strategy: string;
  readonly instrument: string;
  /** Realised and unrealised, before fees and funding. */
  readonly pnl: number;
  readonly currency: string;
  readonly position: string;
  /** Its own best quotes, and the market's. */
  readonly bid: string | null;
  readonly ask: string | null;
  readonly marketBid: string | null;
  readonly marketAsk: string | null;
  readonly openOrders: number;
  /** Why it has none, in a few words; empty: it has, or that is not known. */
  readonly idle: string;
  readonly breaker: string;
}

export interface SessionStatus {
  /** Of a session with the world, where time is as it is: `paper`, `LIVE`, `dry run`; empty: the speed says what it is. */
  readonly world: string;
  /** In the session's clock. */
  readonly time: string;
  /** Market time a wall time; null: as fast as it goes. */
  readonly speed: number | null;
  /** By how much wall time the market is behind, milliseconds. */
  readonly lagMs: number;
  readonly inputs: number;
  readonly inputsPerSecond: number;
  /** Mean time that an input took, engine and venues together; null: nothing came. */
  readonly inputNs: number | null;
  readonly riskState: string;
  readonly alerts: Readonly<Record<SeverityName, number>>;
  readonly accounts: readonly {
    readonly strategy: string;
    readonly currency: string;
    readonly pnl: number;
    readonly fees: number;
    readonly fills: number;
  }[];
  readonly rows: readonly StatusRow[];
}

const WINDOW_MS = 1000;

/** Inputs a second of wall time, and what one took, over about a second. */
export class StatusMeter {
  perSecond = 0;
  inputNs: number | null = null;
  #inputs = 0;
  #spentMs = 0;
  #sinceMs = performance.now();

  slice(inputs: number, elapsedMs: number): void {
    this.#inputs += inputs;
    this.#spentMs += elapsedMs;
    const nowMs = performance.now();
    const ms = nowMs - this.#sinceMs;
    if (ms < WINDOW_MS) return;
    this.perSecond = (this.#inputs / ms) * 1000;
    this.inputNs = this.#inputs === 0 ? null : (this.#spentMs / this.#inputs) * 1e6;
    this.#inputs = 0;
    this.#spentMs = 0;
    this.#sinceMs = nowMs;
  }
}

export function statusOf(
  engine: Engine,
  epochDay: number,
  nowNs: number,
  pnl: PnlData,
  pace: Pace,
  alerts: Readonly<Record<SeverityName, number>>,
  meter: StatusMeter,
  idle: Pick<IdleWatch, 'reason'>,
): Omit<SessionStatus, 'world'> {
  return {
    time: nsToIso(Math.max(0, nowNs), epochDay),
    speed: pace.speed ?? null,
    lagMs: pace.lagMs,
    inputs: engine.inputs.count,
    inputsPerSecond: meter.perSecond,
    inputNs: meter.inputNs,
    riskState: RISK_STATE_NAMES[engine.riskState],
    alerts: { ...alerts },
    accounts: pnl.strategies.map(({ strategy, currency, total, fees, fills }) => ({
      strategy: engine.seats[strategy]!.name,
      currency,
      pnl: total,
      fees,
      fills,
    })),
    rows: rowsOf(engine, pnl, idle),
  };
}

function rowsOf(engine: Engine, pnl: PnlData, idle: Pick<IdleWatch, 'reason'>): StatusRow[] {
  const { seats, instruments, desk, risk } = engine;
  return pnl.strategies.flatMap(({ strategy, currency, positions }) =>
    positions.map(({ instrument: market, lots, realised, unrealised }) => {
      const { price, size, venue, symbol } = instruments[market]!;
      const view = seats[strategy]!.markets[market]!;
      const own = ownTouch(engine, strategy, market);
      const text = (ticks: number): string | null => (Number.isFinite(ticks) ? price.format(ticks) : null);
      return {
        strategy: seats[strategy]!.name,
        instrument: `${venue}:${symbol}`,
        pnl: realised + unrealised,
        currency,
        position: size.format(lots),
        bid: text(own.bid),
        ask: text(own.ask),
        marketBid: text(view.bidTicks),
        marketAsk: text(view.askTicks),
        openOrders: desk.count(strategy, market),
        idle: idle.reason(strategy, market),
        breaker: BREAKER_STATE_NAMES[risk?.breakerAt(market) ?? 0],
      };
    }),
  );
}

/** The best prices of a strategy's own orders, ticks; infinite when it has none. */
function ownTouch({ desk }: Engine, strategy: number, market: number): { bid: number; ask: number } {
  let bid = Number.NEGATIVE_INFINITY;
  let ask = Number.POSITIVE_INFINITY;
  for (let slot = desk.firstSlot(strategy, market); slot >= 0; slot = desk.nextSlot(slot)) {
    const ticks = desk.priceTicksAt(slot);
    if (desk.sideAt(slot) === Side.BUY) bid = Math.max(bid, ticks);
    else ask = Math.min(ask, ticks);
  }
  return { bid, ask };
}

/**
 * What the gate refused: counts by strategy and code, a record of each for the engine, and alerts. The order path raises no more than
 * one alert a second for each code and instrument; the counts have them all.
 */
import { checkState } from '../base/state.ts';
import { Field, packHead } from '../market/event.ts';
import { Side } from '../market/side.ts';
import { GateTerm } from '../trading/order-gate.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import { OrderFlag, REFUSED } from '../trading/records.ts';
import { REFUSAL_COUNT, Refusal } from '../trading/refusal.ts';
import type { AlertDesk } from './alert-desk.ts';
import { AlertType, Severity } from './alert.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { PRICE_TICKS: PRICE, SIZE_LOTS: SIZE, NOW_NS } = GateTerm;
const COUNT = REFUSAL_COUNT;
const KIND = REFUSED;
const ALERT_EVERY_NS = 1e9;
const { BUY } = OrderFlag;
const BUYS = Side.BUY;
/** States and breakers have alerts of their own. */
const QUIET = Refusal.BREAKER_CANARY;

export interface RefusalLogState {
  readonly counts: Float64Array;
  readonly alertNs: Float64Array;
}

export class RefusalLog {
  readonly queue = new RecordQueue(16);
  /** By strategy × 32 + code. */
  readonly counts: Float64Array;
  /** By instrument × 32 + code: before it no other alert is raised. */
  readonly #alertNs: Float64Array;
  readonly #alerts: AlertDesk;

  constructor(alerts: AlertDesk, strategies: number, markets: number) {
    this.#alerts = alerts;
    this.counts = new Float64Array(strategies * COUNT);
    this.#alertNs = new Float64Array(markets * COUNT).fill(Number.NEGATIVE_INFINITY);
  }

  add(
    strategy: number,
    market: number,
    side: Side,
    flags: number,
    orderId: number,
    code: Refusal,
    terms: Float64Array,
  ): void {
    this.counts[strategy * COUNT + code]++;
    const { queue } = this;
    const at = queue.reserve();
    const { data } = queue;
    data[at + HEAD] = packHead(KIND, (flags & 0xfe) | (side === BUYS ? BUY : 0), market);
    data[at + VENUE_NS] = Number.NaN;
    data[at + LOCAL_NS] = terms[NOW_NS];
    data[at + PRICE_TICKS] = terms[PRICE];
    data[at + SIZE_LOTS] = terms[SIZE];
    data[at + ORDER_ID] = orderId;
    data[at + SEQ] = strategy;
    data[at + AUX] = code;
    if (code <= QUIET || !(terms[NOW_NS] >= this.#alertNs[market * COUNT + code])) return;
    this.#alertNs[market * COUNT + code] = terms[NOW_NS] + ALERT_EVERY_NS;
    this.#raise(market, code, terms);
  }

  save(): RefusalLogState {
    return { counts: this.counts.slice(), alertNs: this.#alertNs.slice() };
  }

  restore(state: RefusalLogState): void {
    checkState('refusal log', state, this.save());
    this.counts.set(state.counts);
    this.#alertNs.set(state.alertNs);
  }

  #raise(market: number, code: Refusal, terms: Float64Array): void {
    let type: AlertType = AlertType.LIMIT_BREACH;
    if (code >= Refusal.POSITION && code <= Refusal.PORTFOLIO_POSITION) type = AlertType.POSITION_BREACH;
    else if (code === Refusal.DAILY_LOSS) type = AlertType.DAILY_LOSS_BREACH;
    else if (code === Refusal.DRAWDOWN) type = AlertType.DRAWDOWN_BREACH;
    this.#alerts.raise(type, Severity.WARNING, market, terms[SIZE], Number.NaN, code, terms[NOW_NS]);
  }
}

/** What shows each limit at work: what the rogue does, with which value it is kept from it, and how it is refused. */
import type { Params } from './risk-run.ts';

export interface LimitCase {
  readonly limit: string;
  /** With it the rogue is refused; alone, all other limits off. */
  readonly value: number;
  readonly params: Params;
  /** Name of a `Refusal`; absent: the limit only warns. */
  readonly refusal?: string;
  /** What is raised. */
  readonly alert: string;
  /** Other limits that it goes together with. */
  readonly beside?: Readonly<Record<string, number>>;
  readonly symbols?: string;
  /** Runs over a recording whose price falls by 6 in a second, 20 seconds long, instead of the living market. */
  readonly isFalling?: boolean;
  /** What 0 says: nothing is let through (the rule), or what the words say. */
  readonly zero?: 'off' | 'strict';
}

const STACK: Params = { mode: 'stack', size: 0.1, every: 0.1 };
const TAKE: Params = { mode: 'take', size: 0.01, away: -0.1, every: 0.1 };
/** Takes a bitcoin, and wants more while it loses. */
const HOLD: Params = { mode: 'hold', size: 1, away: -0.1, after: 'buy', every: 0.06 };
const FAST: Params = { mode: 'order', size: 0.01, count: 10, every: 0.5 };

export const LIMIT_CASES: readonly LimitCase[] = [
  { limit: 'max_position_size', value: 0.35, params: STACK, refusal: 'POSITION', alert: 'POSITION_BREACH' },
  { limit: 'max_notional_exposure', value: 20_000, params: STACK, refusal: 'NOTIONAL', alert: 'LIMIT_BREACH' },
  { limit: 'max_net_exposure', value: 20_000, params: STACK, refusal: 'NET_EXPOSURE', alert: 'LIMIT_BREACH' },
  {
    limit: 'max_gross_exposure',
    value: 20_000,
    params: { ...STACK, side: 'both' },
    refusal: 'GROSS_EXPOSURE',
    alert: 'LIMIT_BREACH',
  },
  {
    limit: 'max_drawdown_pct',
    value: 0.05,
    params: HOLD,
    refusal: 'DRAWDOWN',
    alert: 'DRAWDOWN_BREACH',
    isFalling: true,
  },
  {
    limit: 'daily_loss_limit',
    value: 50,
    params: HOLD,
    refusal: 'DAILY_LOSS',
    alert: 'DAILY_LOSS_BREACH',
    isFalling: true,
  },
  {
    limit: 'max_order_size',
    value: 0.005,
    params: { mode: 'order' },
    refusal: 'ORDER_SIZE',
    alert: 'LIMIT_BREACH',
  },
  {
    limit: 'max_order_value',
    value: 500,
    params: { mode: 'order' },
    refusal: 'ORDER_VALUE',
    alert: 'LIMIT_BREACH',
  },
  { limit: 'max_daily_volume', value: 0.05, params: TAKE, refusal: 'DAILY_VOLUME', alert: 'LIMIT_BREACH' },
  {
    limit: 'max_orders_per_second',
    value: 10,
    params: FAST,
    refusal: 'ORDER_RATE',
    alert: 'LIMIT_BREACH',
    beside: { max_order_burst: 12 },
  },
  {
    limit: 'max_order_burst',
    value: 5,
    params: FAST,
    refusal: 'ORDER_RATE',
    alert: 'LIMIT_BREACH',
    beside: { max_orders_per_second: 20 },
  },
  {
    limit: 'order_cooldown_ms',
    value: 300,
    params: FAST,
    refusal: 'ORDER_COOLDOWN',
    alert: 'LIMIT_BREACH',
    beside: { max_orders_per_second: 20, max_order_burst: 5 },
    zero: 'off',
  },
  {
    limit: 'price_collar_pct',
    value: 10,
    params: { mode: 'order', away: 15 },
    refusal: 'COLLAR_MID',
    alert: 'LIMIT_BREACH',
  },
  {
    limit: 'last_collar_pct',
    value: 10,
    params: { mode: 'order', away: 15 },
    refusal: 'COLLAR_LAST',
    alert: 'LIMIT_BREACH',
  },
  {
    limit: 'fat_finger_pct',
    value: 5,
    params: { mode: 'order', away: -8 },
    refusal: 'FAT_FINGER',
    alert: 'LIMIT_BREACH',
  },
  {
    limit: 'max_price_age_ms',
    value: 1,
    params: { mode: 'order', every: 0.1 },
    refusal: 'STALE_PRICE',
    alert: 'LIMIT_BREACH',
  },
  {
    limit: 'max_base_position',
    value: 0.35,
    params: { ...STACK, market: -1 },
    refusal: 'BASE_POSITION',
    alert: 'POSITION_BREACH',
    symbols: 'BTCUSDT@a,BTCUSDT-PERP@b',
  },
  {
    limit: 'max_portfolio_position',
    value: 20_000,
    params: { ...STACK, market: -1 },
    refusal: 'PORTFOLIO_POSITION',
    alert: 'POSITION_BREACH',
    symbols: 'BTCUSDT,ETHUSDT',
  },
  { limit: 'max_daily_turnover', value: 3000, params: TAKE, refusal: 'DAILY_TURNOVER', alert: 'LIMIT_BREACH' },
  { limit: 'max_leverage', value: 0.2, params: STACK, refusal: 'MARGIN', alert: 'LIMIT_BREACH' },
  {
    limit: 'min_balance',
    value: 80_000,
    params: STACK,
    refusal: 'BALANCE',
    alert: 'LIMIT_BREACH',
    symbols: 'BTCUSDT-SPOT',
    zero: 'strict',
  },
  {
    limit: 'duplicate_window_ms',
    value: 50,
    params: { mode: 'duplicate', every: 1 },
    refusal: 'DUPLICATE',
    alert: 'LIMIT_BREACH',
    zero: 'off',
  },
  {
    limit: 'self_cross_ticks',
    value: 3,
    params: { mode: 'cross' },
    refusal: 'SELF_CROSS',
    alert: 'LIMIT_BREACH',
    zero: 'strict',
  },
  {
    limit: 'warning_share',
    value: 0.3,
    params: { mode: 'hold', size: 0.01, away: -0.1 },
    alert: 'POSITION_WARNING',
    beside: { max_position_size: 0.02 },
    zero: 'strict',
  },
  {
    limit: 'max_var',
    value: 5,
    params: { mode: 'hold', size: 1, away: -0.1 },
    alert: 'VAR_BREACH',
  },
];

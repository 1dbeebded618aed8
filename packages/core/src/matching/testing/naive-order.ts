/** What the slow, obvious matching engine knows of an order, what it is asked for, and what it says. */
import { NS_PER_DAY } from '../../base/time.ts';
import { Side } from '../../market/side.ts';
import { MarketState, OrderType, PostOnly, Reason, type SelfTrade, TimeInForce } from '../codes.ts';

/** A new order as asked for; the same fields as `OrderRequest`, the linked order being an object. */
export interface NaiveRequest {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly postOnly: PostOnly;
  readonly selfTrade: SelfTrade;
  readonly owner: number;
  readonly ref: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly displayLots: number;
  readonly triggerTicks: number;
  readonly expiryNs: number;
  readonly hasLink: boolean;
  /** Undefined when the handle never named an order. */
  readonly link: NaiveOrder | undefined;
}

/** Where an order is: in the market but in no queue (it is matching), in the book, before its trigger, or no more. */
export type Whereabouts = 'entering' | 'queued' | 'waiting' | 'gone';

export interface NaiveOrder {
  readonly ref: number;
  readonly owner: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly selfTrade: SelfTrade;
  readonly isPostOnly: boolean;
  /** False for orders that only take: they get no handle. */
  readonly canRest: boolean;
  readonly displayLots: number;
  readonly expiryNs: number;
  /** Number of the order in order of acceptance. */
  readonly sequence: number;
  /** Limit; NaN = any price. */
  price: number;
  /** Open lots, hidden ones included. */
  open: number;
  /** Of these, what the book shows. */
  shown: number;
  /** Trigger price of a waiting order. */
  trigger: number;
  /** Distance that a trailing stop keeps; 0 for others. */
  readonly trail: number;
  where: Whereabouts;
  link: NaiveOrder | null;
  /** Handle that the tested engine gave to the order; 0, 0 when it gave none. */
  slot: number;
  generation: number;
}

/** An event as the tested engine should publish it. */
export interface NaiveEvent {
  readonly kind: number;
  readonly reason: number;
  readonly side: number;
  readonly ref: number;
  readonly price: number;
  readonly lots: number;
  readonly isGone: boolean;
  /** The order whose handle the event names (the maker's in a trade); null when it names `slot`, `generation`. */
  readonly order: NaiveOrder | null;
  readonly slot: number;
  readonly generation: number;
}

const BOUND = 2 ** 46;

export const isTicks = (price: number): boolean => Number.isInteger(price) && Math.abs(price) <= BOUND;
export const isLots = (lots: number): boolean => Number.isInteger(lots) && lots >= 1 && lots <= BOUND;
export const isConditional = (type: OrderType): boolean => type !== OrderType.LIMIT && type !== OrderType.MARKET;
export const hasLimit = (type: OrderType): boolean =>
  type === OrderType.LIMIT || type === OrderType.STOP_LIMIT || type === OrderType.TAKE_PROFIT_LIMIT;
export const isImmediate = (r: NaiveRequest): boolean =>
  r.timeInForce === TimeInForce.IOC || r.timeInForce === TimeInForce.FOK;

/** Why a request makes no sense before the book is looked at: the first rule broken, in this order. */
export function refusal(r: NaiveRequest, state: MarketState, nowNs: number, lastTicks: number): Reason {
  const isMarket = r.type === OrderType.MARKET;
  const isAnyPrice = !hasLimit(r.type);
  const isTimed = r.timeInForce === TimeInForce.GTD || r.timeInForce === TimeInForce.DAY;
  const isPostOnly = r.postOnly !== PostOnly.NO;
  const isIceberg = r.displayLots !== 0;
  const waits = isConditional(r.type);
  const rules: [boolean, Reason][] = [
    [state === MarketState.HALTED, Reason.HALTED],
    [!(Number.isInteger(r.owner) && r.owner >= 0 && r.owner < 2 ** 31), Reason.BAD_OWNER],
    [!isLots(r.sizeLots), Reason.BAD_SIZE],
    [!isAnyPrice && !isTicks(r.priceTicks), Reason.BAD_PRICE],
    [isIceberg && !(isLots(r.displayLots) && r.displayLots < r.sizeLots), Reason.BAD_DISPLAY],
    [isIceberg && r.sizeLots / r.displayLots > 10_000, Reason.BAD_DISPLAY],
    [isIceberg && (isAnyPrice || isImmediate(r)), Reason.BAD_COMBINATION],
    [r.timeInForce === TimeInForce.GTD && !(r.expiryNs > nowNs), Reason.BAD_EXPIRY],
    [isPostOnly && (isAnyPrice || isImmediate(r) || waits), Reason.BAD_COMBINATION],
    [waits && isImmediate(r), Reason.BAD_COMBINATION],
    [waits && !isTicks(r.triggerTicks), Reason.BAD_TRIGGER],
    [r.type === OrderType.TRAILING_STOP && !(r.triggerTicks > 0 && !Number.isNaN(lastTicks)), Reason.BAD_TRIGGER],
    [isMarket && isTimed, Reason.BAD_COMBINATION],
    [(isMarket || isImmediate(r)) && r.hasLink, Reason.BAD_COMBINATION],
    [state === MarketState.AUCTION && (isMarket || isImmediate(r) || isPostOnly), Reason.NOT_IN_AUCTION],
    [r.hasLink && (r.link === undefined || r.link.where === 'gone'), Reason.LINK_GONE],
    [r.hasLink && r.link?.owner !== r.owner, Reason.BAD_COMBINATION],
  ];
  return rules.find(([isBroken]) => isBroken)?.[1] ?? Reason.NONE;
}

/** An order as it enters the market. */
export function createOrder(
  r: NaiveRequest,
  sequence: number,
  lastTicks: number,
  nowNs: number,
  dayEndNs: number,
): NaiveOrder {
  let expiryNs = r.timeInForce === TimeInForce.GTD ? r.expiryNs : Infinity;
  if (r.timeInForce === TimeInForce.DAY) {
    expiryNs = dayEndNs;
    while (expiryNs <= nowNs) expiryNs += NS_PER_DAY;
    while (expiryNs - NS_PER_DAY > nowNs) expiryNs -= NS_PER_DAY;
  }
  const isTrailing = r.type === OrderType.TRAILING_STOP;
  const fromLast = r.side === Side.BUY ? r.triggerTicks : -r.triggerTicks;
  return {
    ref: r.ref,
    owner: r.owner,
    side: r.side,
    type: r.type,
    selfTrade: r.selfTrade,
    isPostOnly: r.postOnly !== PostOnly.NO,
    canRest: r.type !== OrderType.MARKET && !isImmediate(r),
    displayLots: r.displayLots,
    expiryNs,
    sequence,
    price: hasLimit(r.type) ? r.priceTicks : Number.NaN,
    open: r.sizeLots,
    shown: 0,
    trigger: isTrailing ? lastTicks + fromLast : r.triggerTicks,
    trail: isTrailing ? r.triggerTicks : 0,
    where: 'entering',
    link: null,
    slot: 0,
    generation: 0,
  };
}

/**
 * What a new order asks for. One object is filled again and again (no allocation per order): `reset` first, then set what differs
 * from a plain limit GTC order. Sizes and prices start as NaN so that V8 keeps them as float64 fields from the first use on.
 */
import { Side } from '../market/side.ts';
import { OrderType, PostOnly, SelfTrade, TimeInForce } from './codes.ts';

export class OrderRequest {
  side: Side = Side.BUY;
  type: OrderType = OrderType.LIMIT;
  timeInForce: TimeInForce = TimeInForce.GTC;
  postOnly: PostOnly = PostOnly.NO;
  selfTrade: SelfTrade = SelfTrade.ALLOW;
  /** Whose order it is, for self-trade prevention and mass cancel; 0 is nobody. */
  owner = 0;
  /** The caller's own int32 for the order; every event of the order carries it. */
  ref = 0;
  /** Handle of a resting order to pair with (one cancels the other); slot 0 = none. */
  linkSlot = 0;
  linkGeneration = 0;
  /** Limit price; not read for market orders. */
  priceTicks = Number.NaN;
  /** Whole size. */
  sizeLots = Number.NaN;
  /** Size that an iceberg shows; 0 = all of it. */
  displayLots = Number.NaN;
  /** Trigger price of a conditional order; distance of a trailing stop. */
  triggerTicks = Number.NaN;
  /** When a GTD order expires. */
  expiryNs = Number.NaN;

  constructor() {
    this.reset();
  }

  /** A plain limit GTC order of nobody, without price and size. */
  reset(): void {
    this.side = Side.BUY;
    this.type = OrderType.LIMIT;
    this.timeInForce = TimeInForce.GTC;
    this.postOnly = PostOnly.NO;
    this.selfTrade = SelfTrade.ALLOW;
    this.owner = 0;
    this.ref = 0;
    this.linkSlot = 0;
    this.linkGeneration = 0;
    this.priceTicks = Number.NaN;
    this.sizeLots = Number.NaN;
    this.displayLots = 0;
    this.triggerTicks = Number.NaN;
    this.expiryNs = Number.NaN;
  }

  get isConditional(): boolean {
    return this.type >= OrderType.STOP;
  }

  /** True when the order has a limit price, at once or after its trigger. */
  get hasLimit(): boolean {
    return (
      this.type === OrderType.LIMIT || this.type === OrderType.STOP_LIMIT || this.type === OrderType.TAKE_PROFIT_LIMIT
    );
  }

  /** Limit price, NaN for orders that trade at any price. */
  get limit(): number {
    return this.hasLimit ? this.priceTicks : Number.NaN;
  }
}

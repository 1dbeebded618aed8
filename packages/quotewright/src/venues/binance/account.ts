/** What the venue says of our account: open orders, executions, and on USD-M positions. Sources: "Account Endpoints" of each market. */
import { SECONDS_PER_DAY, unixMsToNs } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount, VenueExecution, VenueOrder } from '@quotewright/core/trading/venue-account';
import { asDecimal, asInteger, asText, isObject, type JsonObject } from '../../data/json.ts';
import type { OrdersSetup } from '../contract/orders.ts';
import { VenueError } from '../contract/venue-error.ts';
import { commissionPpb } from './commission.ts';
import { sideOf, tradeNumber } from './execution-report.ts';
import type { OrderNames } from './order-names.ts';
import { page, signedRequest, type Parameters } from './pages.ts';
import type { BinanceProduct } from './product.ts';
import type { Signer } from './sign.ts';

/** Executions and orders of one page at most. */
const PAGE = 1000;
/** Weights, by market, of the pages below. */
const SPOT_COST = { openOrders: 6, trades: 20, orders: 20 };
const USDM_COST = { openOrders: 1, trades: 5, orders: 5 };
/** USD-M tells executions of seven days at a time. */
const USDM_SPAN_MS = 7 * SECONDS_PER_DAY * 1e3;

export class AccountPages {
  readonly #product: BinanceProduct;
  readonly #setup: OrdersSetup;
  readonly #signer: Signer;
  readonly #names: OrderNames;

  constructor(product: BinanceProduct, setup: OrdersSetup, signer: Signer, names: OrderNames) {
    this.#product = product;
    this.#setup = setup;
    this.#signer = signer;
    this.#names = names;
  }

  /** @throws VenueError */
  async read(sinceNs: number): Promise<VenueAccount> {
    const { instruments, indices, markets } = this.#setup;
    const orders: VenueOrder[] = [];
    const executions: VenueExecution[] = [];
    const positionLots = Array.from({ length: markets }, () => Number.NaN);
    for (const [i, instrument] of instruments.entries()) {
      // Open orders first: an execution of one of them that happens meanwhile is then in the list that follows.
      // oxlint-disable-next-line no-await-in-loop -- the budget is one
      orders.push(...(await this.#openOrders(instrument, indices[i]!)));
      // oxlint-disable-next-line no-await-in-loop
      executions.push(...(await this.#executions(instrument, indices[i]!, sinceNs)));
      // oxlint-disable-next-line no-await-in-loop
      if (this.#product.isFutures) positionLots[indices[i]!] = await this.#position(instrument);
    }
    return { orders, executions: executions.toSorted((a, b) => a.venueNs - b.venueNs), positionLots };
  }

  async #openOrders(instrument: Instrument, market: number): Promise<VenueOrder[]> {
    const list = await this.#list('openOrders', [['symbol', instrument.symbol]], this.#cost.openOrders);
    return list.map((entry) => {
      const side = sideOf(entry['side']);
      const priceTicks = instrument.price.parse(asText(entry['price']));
      const filledLots = instrument.size.parse(asText(entry['executedQty']));
      const openLots = instrument.size.parse(asText(entry['origQty'])) - filledLots;
      if (side === undefined || !(priceTicks >= 0) || !(openLots >= 0)) throw this.#unreadable('openOrders', entry);
      const orderId = this.#learn(instrument, entry);
      return { orderId, market, side, priceTicks, openLots, filledLots };
    });
  }

  async #executions(instrument: Instrument, market: number, sinceNs: number): Promise<VenueExecution[]> {
    const { symbol } = instrument;
    const path = this.#product.isFutures ? 'userTrades' : 'myTrades';
    const entries: JsonObject[] = [];
    for (let parameters = this.#since(symbol, sinceNs); ;) {
      // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ends
      const list = await this.#list(path, parameters, this.#cost.trades);
      entries.push(...list);
      if (list.length < PAGE) break;
      parameters = [
        ['symbol', symbol],
        ['fromId', asInteger(list.at(-1)!['id']) + 1],
        ['limit', PAGE],
      ];
    }
    await this.#learnOrders(instrument, entries);
    const executions = entries.map((entry) => this.#execution(instrument, market, entry));
    // The venue's times are whole milliseconds.
    const fromNs = Math.floor(sinceNs / 1e6) * 1e6;
    return executions.filter(({ venueNs }) => venueNs >= fromNs);
  }

  #since(symbol: string, sinceNs: number): Parameters {
    const unixMs = Math.max(0, Math.floor(sinceNs / 1e6) + this.#setup.epochDay * SECONDS_PER_DAY * 1e3);
    const first = this.#product.isFutures ? Math.max(unixMs, this.#setup.host.nowMs() - USDM_SPAN_MS + 60_000) : unixMs;
    return [
      ['symbol', symbol],
      ['startTime', Math.floor(first)],
      ['limit', PAGE],
    ];
  }

  /** Executions name the venue's number of the order only: whose order it is has to be known. */
  async #learnOrders({ symbol }: Instrument, trades: readonly JsonObject[]): Promise<void> {
    const isUnknown = (entry: JsonObject) => this.#names.known(symbol, asDecimal(entry['orderId'])) === undefined;
    let unknown = trades.filter(isUnknown);
    while (unknown.length > 0) {
      const first = Math.min(...unknown.map((entry) => asInteger(entry['orderId'])));
      const parameters: Parameters = [
        ['symbol', symbol],
        ['orderId', first],
        ['limit', PAGE],
      ];
      // oxlint-disable-next-line no-await-in-loop -- each page begins with what the one before left open
      const orders = await this.#list('allOrders', parameters, this.#cost.orders);
      for (const entry of orders)
        this.#names.learn(symbol, asDecimal(entry['orderId']), asText(entry['clientOrderId']));
      // An order that the venue does not tell of any more is nobody's of this session.
      if (this.#names.known(symbol, String(first)) === undefined) this.#names.learn(symbol, String(first), '');
      unknown = unknown.filter(isUnknown);
    }
  }

  #execution(instrument: Instrument, market: number, entry: JsonObject): VenueExecution {
    const { symbol, price, size } = instrument;
    const isBuyer = entry['isBuyer'] ?? entry['buyer'];
    const isMaker = (entry['isMaker'] ?? entry['maker']) === true;
    const priceTicks = price.parse(asText(entry['price']));
    const sizeLots = size.parse(asText(entry['qty']));
    const venueNs = unixMsToNs(asInteger(entry['time']), this.#setup.epochDay);
    const id = asDecimal(entry['id']);
    if (!(priceTicks > 0 && sizeLots > 0) || id === '' || typeof isBuyer !== 'boolean' || Number.isNaN(venueNs)) {
      throw this.#unreadable('executions', entry);
    }
    const asset = asText(entry['commissionAsset']);
    return {
      execution: tradeNumber(symbol, id),
      orderId: this.#names.known(symbol, asDecimal(entry['orderId'])) ?? this.#learn(instrument, entry),
      market,
      side: isBuyer ? Side.BUY : Side.SELL,
      priceTicks,
      sizeLots,
      feePpb: commissionPpb(instrument, asText(entry['commission']) || '0', asset, priceTicks, sizeLots, isMaker),
      isMaker,
      venueNs,
    };
  }

  /** Of one-way mode, where there is one position. */
  async #position({ symbol, size }: Instrument): Promise<number> {
    const list = await this.#list('../v3/positionRisk', [['symbol', symbol]], 5);
    let lots = 0;
    for (const entry of list) {
      if (entry['symbol'] === symbol) lots += size.parse(asText(entry['positionAmt']));
    }
    return lots;
  }

  async #list(name: string, parameters: Parameters, weight: number): Promise<JsonObject[]> {
    const { rest } = this.#setup;
    const path = name.startsWith('../')
      ? this.#product.pages.replace(/[^/]+$/u, name.slice(3))
      : `${this.#product.pages}/${name}`;
    const request = signedRequest(this.#signer, { method: 'GET', path, parameters, cost: { weight } });
    const body = await page(this.#product.venue, rest, request);
    if (!Array.isArray(body)) throw this.#unreadable(name, body);
    return body.filter(isObject);
  }

  #learn({ symbol }: Instrument, entry: JsonObject): number {
    return this.#names.learn(symbol, asDecimal(entry['orderId']), asText(entry['clientOrderId']));
  }

  get #cost() {
    return this.#product.isFutures ? USDM_COST : SPOT_COST;
  }

  #unreadable(what: string, found: unknown): VenueError {
    const text = `${what}: found ${(JSON.stringify(found) ?? '').slice(0, 160)}`;
    return new VenueError({ venue: this.#product.venue, code: 'UNREADABLE', text, status: 200 });
  }
}

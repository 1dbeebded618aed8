/** REST's private pages. Source: docs.kraken.com/api/docs/rest-api, "Account Data" and "Trading". */
import type { ExchangeFill, ExchangeKey, ExchangeOrder, VenueExchange } from '../contract.ts';
import { type KrakenAuth, Refusal, TOKEN_SECONDS } from './auth.ts';
import type { DeadMan } from './dead-man.ts';
import { orderNumber, orderText, tradeNumber, tradeText } from './ids.ts';
import { type Fields, fieldsOf, textOf, textsOf } from './json.ts';
import { assetId, type PairList } from './names.ts';
import { describe, orderEntry, tradeEntry } from './order-text.ts';
import { isTaken, type OrderEntry, type OrderName, type OrderWords } from './order-entry.ts';
import { percentText } from './public-pages.ts';

/** Trades and closed orders come in pages of so many. */
const PAGE = 50;

export interface PrivateAnswer {
  readonly result: unknown;
  /** It acknowledges an order. */
  readonly isAck: boolean;
}

type Page = (key: ExchangeKey, fields: Fields) => unknown;

export class PrivatePages {
  readonly #exchange: VenueExchange;
  readonly #pairs: PairList;
  readonly #auth: KrakenAuth;
  readonly #entry: OrderEntry;
  readonly #deadMan: DeadMan;
  readonly #account: Readonly<Record<string, Page>>;
  readonly #trading: Readonly<Record<string, Page>>;

  constructor(exchange: VenueExchange, pairs: PairList, auth: KrakenAuth, entry: OrderEntry, deadMan: DeadMan) {
    this.#exchange = exchange;
    this.#pairs = pairs;
    this.#auth = auth;
    this.#entry = entry;
    this.#deadMan = deadMan;
    this.#account = {
      Balance: (key) => this.#balances(key, false),
      BalanceEx: (key) => this.#balances(key, true),
      GetWebSocketsToken: (key) => ({ token: this.#auth.makeToken(key), expires: TOKEN_SECONDS }),
      GetApiKeyInfo: (key) => keyInfo(key),
      OpenOrders: (key, fields) => ({ open: this.#entries(this.#open(key, fields), fields) }),
      ClosedOrders: (key, fields) => this.#closed(key, fields),
      QueryOrders: (key, fields) => this.#queryOrders(key, fields),
      TradesHistory: (key, fields) => this.#trades(key, fields),
      QueryTrades: (key, fields) => this.#queryTrades(key, fields),
      TradeVolume: (_, fields) => this.#volume(fields),
    };
    this.#trading = {
      AddOrder: (key, fields) => this.#add(key, fields),
      AddOrderBatch: (key, fields) => this.#addBatch(key, fields),
      AmendOrder: (key, fields) => this.#amend(key, fields),
      CancelOrder: (key, fields) => this.#cancel(key, fields),
      CancelOrderBatch: (key, fields) => this.#cancelBatch(key, fields),
      CancelAll: (key) => ({ count: this.#entry.cancelAll(key) }),
      CancelAllOrdersAfter: (key, fields) => this.#deadMan.set(key, Number(textOf(fields['timeout']))),
    };
  }

  /** @returns undefined when there is no such page. @throws Refusal */
  page(name: string, key: ExchangeKey, fields: Fields): PrivateAnswer | undefined {
    if (Object.hasOwn(this.#account, name)) return { result: this.#account[name]!(key, fields), isAck: false };
    if (Object.hasOwn(this.#trading, name)) return { result: this.#trading[name]!(key, fields), isAck: true };
    return undefined;
  }

  #balances({ account }: ExchangeKey, isExtended: boolean): object {
    return Object.fromEntries(
      this.#exchange
        .balances(account)
        .map(({ currency, total, held }) => [
          assetId(currency),
          isExtended ? { balance: total, hold_trade: held } : total,
        ]),
    );
  }

  #open({ account }: ExchangeKey, fields: Fields): readonly ExchangeOrder[] {
    const clientId = textOf(fields['cl_ord_id']);
    return this.#exchange.openOrders(account).filter((order) => clientId === '' || order.clientId === clientId);
  }

  #entries(orders: readonly ExchangeOrder[], fields: Fields): object {
    const hasTrades = textOf(fields['trades']).toLowerCase() === 'true';
    return Object.fromEntries(
      orders.map((order) => [orderText(order.number), orderEntry(this.#exchange, this.#pairs, order, hasTrades)]),
    );
  }

  #closed({ account }: ExchangeKey, fields: Fields): object {
    const { startMs, endMs } = this.#span(fields);
    const clientId = textOf(fields['cl_ord_id']);
    const closed = this.#exchange.orders(account).filter((order) => {
      const ms = this.#exchange.unixMs(order.updatedNs);
      const isOver = order.status !== 'open' && isTaken(order);
      return isOver && ms >= startMs && ms <= endMs && (clientId === '' || order.clientId === clientId);
    });
    const from = Number(textOf(fields['ofs'])) || 0;
    const page = closed.toReversed().slice(from, from + PAGE);
    return { closed: this.#entries(page, fields), count: closed.length };
  }

  #queryOrders({ account }: ExchangeKey, fields: Fields): object {
    const orders = textOf(fields['txid'])
      .split(',')
      .map((id) => this.#exchange.order(account, orderNumber(id)));
    const clientIds = textOf(fields['cl_ord_id']).split(',').filter(Boolean);
    const named = clientIds.map((clientId) => this.#exchange.orderByClientId(account, clientId));
    const found = [...orders, ...named].filter((order) => order !== undefined).filter(isTaken);
    if (found.length === 0) throw new Refusal('EOrder:Unknown order');
    return this.#entries(found, fields);
  }

  #trades({ account }: ExchangeKey, fields: Fields): object {
    const { startMs, endMs } = this.#span(fields);
    const fills = this.#exchange.fills(account).filter(({ ns }) => {
      const ms = this.#exchange.unixMs(ns);
      return ms >= startMs && ms <= endMs;
    });
    const from = Number(textOf(fields['ofs'])) || 0;
    return { trades: this.#fillEntries(fills.toReversed().slice(from, from + PAGE)), count: fills.length };
  }

  #queryTrades({ account }: ExchangeKey, fields: Fields): object {
    const numbers = new Set(textOf(fields['txid']).split(',').map(tradeNumber));
    const fills = this.#exchange.fills(account).filter(({ number }) => numbers.has(number));
    if (fills.length === 0) throw new Refusal('EQuery:Unknown trade');
    return this.#fillEntries(fills);
  }

  #fillEntries(fills: readonly ExchangeFill[]): object {
    return Object.fromEntries(
      fills.map((fill) => [tradeText(fill.number), tradeEntry(this.#exchange, this.#pairs, fill)]),
    );
  }

  /** `start` and `end` are Unix seconds, or trades' ids, which are not taken here. */
  #span(fields: Fields): { readonly startMs: number; readonly endMs: number } {
    const startMs = Number(textOf(fields['start'])) * 1000;
    const end = textOf(fields['end']);
    const endMs = end === '' ? Number.POSITIVE_INFINITY : Number(end) * 1000;
    if (Number.isNaN(startMs) || Number.isNaN(endMs)) throw new Refusal('EGeneral:Invalid arguments');
    return { startMs, endMs };
  }

  #volume(fields: Fields): object {
    const names = textOf(fields['pair']).split(',').filter(Boolean);
    const markets = names.map((name) => this.#pairs.find(name));
    if (markets.some((market) => market < 0)) throw new Refusal('EQuery:Unknown asset pair');
    const rates = (which: 'makerPpb' | 'takerPpb') =>
      Object.fromEntries(
        markets.map((market) => {
          const fee = percentText(this.#exchange.instruments[market]!.fees?.[which][0] ?? 0);
          return [this.#pairs.names[market]!.id, { fee, minfee: '0.0000', maxfee: fee }];
        }),
      );
    return { currency: 'ZUSD', volume: '0.0000', fees: rates('takerPpb'), fees_maker: rates('makerPpb') };
  }

  #add(key: ExchangeKey, fields: Fields): object {
    const words = orderWords(fields);
    if (textOf(fields['validate']).toLowerCase() === 'true') {
      const terms = this.#entry.terms(key, words);
      return { descr: { order: this.#describe(terms) } };
    }
    const order = this.#entry.add(key, words);
    return {
      descr: { order: this.#describe(order) },
      txid: [orderText(order.number)],
      ...(order.clientId === '' ? {} : { cl_ord_id: order.clientId }),
    };
  }

  #describe(order: Pick<ExchangeOrder, 'market' | 'side' | 'sizeLots' | 'priceTicks'>): string {
    return describe(this.#exchange.instruments[order.market]!, this.#pairs.names[order.market]!.altname, order);
  }

  #addBatch(key: ExchangeKey, fields: Fields): object {
    const list = fields['orders'];
    if (!Array.isArray(list)) throw new Refusal('EGeneral:Invalid arguments:orders');
    const orders = (list as readonly unknown[]).map((entry) => {
      try {
        return this.#add(key, { ...fieldsOf(entry), pair: fields['pair'] });
      } catch (error) {
        if (error instanceof Refusal) return { error: error.message };
        throw error;
      }
    });
    return { orders };
  }

  #amend(key: ExchangeKey, fields: Fields): object {
    const order = this.#entry.amend(key, nameOf(fields), textOf(fields['limit_price']), textOf(fields['order_qty']));
    return { amend_id: tradeText(order.number) };
  }

  #cancel(key: ExchangeKey, fields: Fields): object {
    this.#entry.cancel(key, nameOf(fields));
    return { count: 1 };
  }

  #cancelBatch(key: ExchangeKey, fields: Fields): object {
    let count = 0;
    for (const id of textsOf(fields['orders'])) {
      try {
        this.#entry.cancel(key, { id, clientId: '' });
        count++;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return { count };
  }
}

function nameOf(fields: Fields): OrderName {
  return { id: textOf(fields['txid']), clientId: textOf(fields['cl_ord_id']) };
}

function orderWords(fields: Fields): OrderWords {
  const flags = textOf(fields['oflags']).split(',');
  return {
    pair: textOf(fields['pair']),
    side: textOf(fields['type']),
    type: textOf(fields['ordertype']),
    price: textOf(fields['price']),
    size: textOf(fields['volume']),
    timeInForce: textOf(fields['timeinforce']),
    isPostOnly: flags.includes('post'),
    isReduceOnly: textOf(fields['reduce_only']).toLowerCase() === 'true',
    clientId: textOf(fields['cl_ord_id']),
  };
}

/** Source: docs.kraken.com/api-reference/account-data/get-api-key-info. */
function keyInfo({ canTrade, canWithdraw }: ExchangeKey): object {
  const permissions = ['query-funds', 'query-open-trades', 'query-closed-trades'];
  if (canTrade) permissions.push('modify-trades', 'close-trades');
  if (canWithdraw) permissions.push('withdraw-funds');
  return { api_key_name: 'local exchange', permissions, ip_allowlist: [], nonce_window: '0' };
}

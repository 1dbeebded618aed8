/** The account as pages have it. */
import type { ExchangeKey, VenueExchange } from '../contract.ts';
import { difference } from '../decimals.ts';
import { padded } from './numbers.ts';

export class AccountWords {
  readonly #exchange: VenueExchange;

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
  }

  /** `GET /api/v3/account`. */
  spot({ account, canTrade, canWithdraw }: ExchangeKey): unknown {
    const balances = this.#exchange.balances(account).map(({ currency, total, held }) => ({
      asset: currency,
      free: padded(difference(total, held), false),
      locked: padded(held, false),
    }));
    return {
      makerCommission: 10,
      takerCommission: 10,
      buyerCommission: 0,
      sellerCommission: 0,
      canTrade,
      canWithdraw,
      canDeposit: true,
      requireSelfTradePrevention: false,
      updateTime: Math.floor(this.#exchange.nowMs()),
      accountType: 'SPOT',
      balances,
      permissions: ['SPOT'],
    };
  }

  /** `GET /api/v3/account/commission`, `GET /fapi/v1/commissionRate`. */
  rates(market: number, isFutures: boolean): unknown {
    const { symbol, spec } = this.#exchange.instruments[market]!;
    const { maker = '0', taker = '0' } = spec.fees ?? {};
    if (isFutures) return { symbol, makerCommissionRate: maker, takerCommissionRate: taker };
    const none = { maker: '0.00000000', taker: '0.00000000', buyer: '0.00000000', seller: '0.00000000' };
    const standard = { ...none, maker: padded(maker, false), taker: padded(taker, false) };
    return {
      symbol,
      standardCommission: standard,
      taxCommission: none,
      discount: { enabledForAccount: false, enabledForSymbol: false },
    };
  }

  /** `GET /sapi/v1/account/apiRestrictions`. */
  rights({ canTrade, canWithdraw }: ExchangeKey): unknown {
    return {
      ipRestrict: false,
      createTime: 1_700_000_000_000,
      enableReading: true,
      enableWithdrawals: canWithdraw,
      enableInternalTransfer: false,
      enableMargin: false,
      enableFutures: canTrade,
      permitsUniversalTransfer: false,
      enableVanillaOptions: false,
      enableSpotAndMarginTrading: canTrade,
    };
  }

  /** `GET /sapi/v1/capital/config/getall`, of each currency one network. */
  coins({ account }: ExchangeKey): unknown[] {
    return this.#exchange.balances(account).map(({ currency, total, held }) => ({
      coin: currency,
      name: currency,
      free: difference(total, held),
      locked: held,
      depositAllEnable: true,
      withdrawAllEnable: true,
      trading: true,
      isLegalMoney: false,
      networkList: [],
    }));
  }

  /** `GET /fapi/v3/balance`. */
  balances({ account }: ExchangeKey): unknown[] {
    return this.#exchange.balances(account).map(({ currency, total, held }) => ({
      accountAlias: account,
      asset: currency,
      balance: total,
      crossWalletBalance: total,
      crossUnPnl: '0.00000000',
      availableBalance: difference(total, held),
      maxWithdrawAmount: difference(total, held),
      marginAvailable: true,
      updateTime: Math.floor(this.#exchange.nowMs()),
    }));
  }

  /** `GET /fapi/v3/account`. */
  futures(key: ExchangeKey): unknown {
    const assets = this.#exchange.balances(key.account).map(({ currency, total, held }) => ({
      asset: currency,
      walletBalance: total,
      unrealizedProfit: '0',
      marginBalance: total,
      maintMargin: '0',
      initialMargin: held,
      positionInitialMargin: '0',
      openOrderInitialMargin: held,
      availableBalance: difference(total, held),
      maxWithdrawAmount: difference(total, held),
      updateTime: Math.floor(this.#exchange.nowMs()),
    }));
    return { assets, positions: this.positions(key, undefined) };
  }

  /** `GET /fapi/v3/positionRisk`. */
  positions({ account }: ExchangeKey, only: number | undefined): unknown[] {
    return this.#exchange.instruments.flatMap((instrument, market) => {
      if (only !== undefined && only !== market) return [];
      const { lots, entryTicks } = this.#exchange.position(account, market);
      return [
        {
          symbol: instrument.symbol,
          positionSide: 'BOTH',
          positionAmt: instrument.size.format(lots),
          entryPrice: String(instrument.price.toNumber(entryTicks)),
          breakEvenPrice: String(instrument.price.toNumber(entryTicks)),
          markPrice: String(instrument.price.toNumber(entryTicks)),
          unRealizedProfit: '0',
          liquidationPrice: '0',
          isolatedMargin: '0',
          notional: String(instrument.price.toNumber(entryTicks) * instrument.size.toNumber(lots)),
          marginAsset: instrument.quote,
          isolatedWallet: '0',
          initialMargin: '0',
          maintMargin: '0',
          positionInitialMargin: '0',
          openOrderInitialMargin: '0',
          adl: 0,
          bidNotional: '0',
          askNotional: '0',
          updateTime: Math.floor(this.#exchange.nowMs()),
        },
      ];
    });
  }
}

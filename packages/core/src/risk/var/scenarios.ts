/**
 * Days that a crypto portfolio has to survive. Moves in percent, by base currency, from the close before the first day (UTC) to the lowest
 * close of the days, or to the lowest print where the day is known for a wick; a rally to the highest close. Source: Binance's USDT
 * spot bars (by way of CryptoDataDownload); a test recomputes every figure from them. `others` is the median of those listed, for
 * assets that are not, or did not exist yet.
 *
 * Spread and depth are assumptions, not measurements: recordings of the books of those days are not at hand. Reports of the time speak of
 * spreads of many times the usual and depth lost by half to nine tenths.
 */

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Percent by base currency. */
  readonly moves: Readonly<Record<string, number>>;
  /** Percent, for every asset that `moves` leaves out. */
  readonly others: number;
  /** The spread is so many times the present one. */
  readonly spreadTimes: number;
  /** Share of the depth that is gone, from 0 to below 1. */
  readonly depthLost: number;
}

export interface RecordedScenario extends Scenario {
  /** First and last day. */
  readonly from: string;
  readonly to: string;
  readonly measure: 'lowest close' | 'lowest print' | 'highest close';
}

export const RECORDED_SCENARIOS: readonly RecordedScenario[] = [
  {
    name: 'covid-2020-03-12',
    about: 'Black Thursday: a dash for cash, liquidations, venues overloaded',
    from: '2020-03-12',
    to: '2020-03-12',
    measure: 'lowest close',
    moves: { BTC: -39.5, ETH: -44.6, BNB: -44.1, XRP: -34.9, ADA: -41.3, DOGE: -26.3, TRX: -43.5, BCH: -46 },
    others: -42.4,
    spreadTimes: 20,
    depthLost: 0.8,
  },

  {
    name: 'china-2021-05-19',
    about: 'leverage unwound within a day',
    from: '2021-05-19',
    to: '2021-05-19',
    measure: 'lowest print',
    moves: { BTC: -30, ETH: -44.1, BNB: -44.9, XRP: -46.5, ADA: -49.6, SOL: -52.7, DOGE: -55.6, TRX: -46.2, BCH: -55 },
    others: -46.5,
    spreadTimes: 10,
    depthLost: 0.7,
  },
  {
    name: 'luna-2022-05',
    about: 'TerraUSD loses its peg, LUNA goes to nothing',
    from: '2022-05-05',
    to: '2022-05-12',
    measure: 'lowest close',
    moves: {
      BTC: -26.9,
      ETH: -33.3,
      BNB: -33.2,
      XRP: -40.3,
      ADA: -47.3,
      SOL: -51.9,
      DOGE: -39.2,
      TRX: -22,
      BCH: -35.3,
    },
    others: -35.3,
    spreadTimes: 5,
    depthLost: 0.5,
  },
  {
    name: 'lenders-2022-06',
    about: 'Celsius stops withdrawals, Three Arrows Capital fails',
    from: '2022-06-10',
    to: '2022-06-18',
    measure: 'lowest close',
    moves: { BTC: -37, ETH: -44.4, BNB: -32, XRP: -23.2, ADA: -28.1, SOL: -28.4, DOGE: -33.4, TRX: -31.4, BCH: -37.7 },
    others: -32,
    spreadTimes: 5,
    depthLost: 0.5,
  },
  {
    name: 'ftx-2022-11',
    about: 'FTX and Alameda fail',
    from: '2022-11-06',
    to: '2022-11-09',
    measure: 'lowest close',
    moves: {
      BTC: -25.2,
      ETH: -32.2,
      BNB: -23.5,
      XRP: -32.4,
      ADA: -25.5,
      SOL: -61.8,
      DOGE: -40.1,
      TRX: -16.1,
      BCH: -28.1,
    },
    others: -28.1,
    spreadTimes: 5,
    depthLost: 0.6,
  },
  {
    name: 'liquidations-2025-10-10',
    about: 'the largest liquidation of leverage on record, books empty for minutes',
    from: '2025-10-10',
    to: '2025-10-10',
    measure: 'lowest print',
    moves: {
      BTC: -16.2,
      ETH: -21.4,
      BNB: -31.5,
      XRP: -55.2,
      ADA: -66.4,
      SOL: -23.6,
      DOGE: -61.8,
      TRX: -11,
      BCH: -16.9,
    },
    others: -23.6,
    spreadTimes: 30,
    depthLost: 0.9,
  },
  {
    name: 'rally-2024-11',
    about: 'the week after the election in the USA: what a short position has to survive',
    from: '2024-11-06',
    to: '2024-11-12',
    measure: 'highest close',
    moves: { BTC: 27.8, ETH: 39.2, BNB: 17.1, XRP: 37, ADA: 83.8, SOL: 33.3, DOGE: 123.5, TRX: 16.9, BCH: 37.8 },
    others: 37,
    spreadTimes: 2,
    depthLost: 0.3,
  },
];

/** No move: what it costs to get out. */
export const LIQUIDITY_SCENARIOS: readonly Scenario[] = [
  { name: 'wide-spread', about: 'five times the spread', moves: {}, others: 0, spreadTimes: 5, depthLost: 0 },
  { name: 'thin-book', about: 'nine tenths of the depth gone', moves: {}, others: 0, spreadTimes: 3, depthLost: 0.9 },
];

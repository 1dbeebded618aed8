/**
 * Names of pairs. Ours are those of WebSocket v2 (`BTC/USD`); REST's `wsname` and WebSocket v1 have older names of two coins (`XBT/USD`).
 * Source: docs.kraken.com/exchange/guides/websockets/introduction ("v2 symbols … BTC, DOGE").
 */

const V1_COINS: Readonly<Record<string, string>> = { BTC: 'XBT', DOGE: 'XDG' };
const V2_COINS: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' };

export function symbolOfV1(name: string): string {
  return name.split('/').map(coinOfV1).join('/');
}

export function symbolToV1(symbol: string): string {
  return symbol
    .split('/')
    .map((coin) => V1_COINS[coin] ?? coin)
    .join('/');
}

export function coinOfV1(coin: string): string {
  return V2_COINS[coin] ?? coin;
}

/** What has an id of the time when coins began with X and money with Z (docs.kraken.com/api/docs/rest-api/get-asset-info). */
const PREFIXED = new Set(
  'XXBT XETH XLTC XXRP XXLM XXMR XXDG XETC XREP XZEC XMLN ZUSD ZEUR ZGBP ZCAD ZJPY ZAUD'.split(' '),
);

/** REST's id of an asset (`XXBT`, `ZUSD`, `SOL`) as our symbols name it. */
export function coinOfAsset(id: string): string {
  return coinOfV1(PREFIXED.has(id) ? id.slice(1) : id);
}

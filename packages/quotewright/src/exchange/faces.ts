/** The venues whose protocols the local exchange speaks. */
import { binanceFace, binanceUsdmFace } from './binance/face.ts';
import { coinbaseFace } from './coinbase/face.ts';
import { coinbaseExchangeFace } from './coinbase-exchange/face.ts';
import type { FaceMaker } from './contract.ts';
import { bitstampFace } from './bitstamp/face.ts';
import { geminiFace } from './gemini/face.ts';
import { krakenFace } from './kraken/face.ts';

export const FACES: readonly FaceMaker[] = [
  coinbaseFace,
  coinbaseExchangeFace,
  binanceFace,
  krakenFace,
  binanceUsdmFace,
  geminiFace,
  bitstampFace,
];

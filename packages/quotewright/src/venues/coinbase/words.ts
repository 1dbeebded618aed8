/**
 * The texts between the values of a level in a Coinbase frame, compared eight bytes at a time: they are most of its bytes, and one by one
 * they take three times as long. They stand written out, because constants are compared faster than what an array holds. The caller
 * sees to it that nothing is read beyond the view.
 */

import { double } from '../scan/literal.ts';

const BID = '{"side":"bid","event_time":"';
const OFFER = '{"side":"offer","event_time":"';
const PRICE = '","price_level":"';
const QUANTITY = '","new_quantity":"';
// The last eight overlap those before them.
const SIDE = double(BID.slice(0, 8));
const B8 = double(BID.slice(8, 16));
const B16 = double(BID.slice(16, 24));
const B_END = double(BID.slice(-8));
const O8 = double(OFFER.slice(8, 16));
const O16 = double(OFFER.slice(16, 24));
const O_END = double(OFFER.slice(-8));
const P0 = double(PRICE.slice(0, 8));
const P8 = double(PRICE.slice(8, 16));
const P_END = double(PRICE.slice(-8));
const Q0 = double(QUANTITY.slice(0, 8));
const Q8 = double(QUANTITY.slice(8, 16));
const Q_END = double(QUANTITY.slice(-8));

export const BID_LENGTH = BID.length;
export const OFFER_LENGTH = OFFER.length;
export const PRICE_LENGTH = PRICE.length;
export const QUANTITY_LENGTH = QUANTITY.length;

export function isBid(view: DataView, at: number): boolean {
  return (
    view.getFloat64(at, true) === SIDE &&
    view.getFloat64(at + 8, true) === B8 &&
    view.getFloat64(at + 16, true) === B16 &&
    view.getFloat64(at + 20, true) === B_END
  );
}

export function isOffer(view: DataView, at: number): boolean {
  return (
    view.getFloat64(at, true) === SIDE &&
    view.getFloat64(at + 8, true) === O8 &&
    view.getFloat64(at + 16, true) === O16 &&
    view.getFloat64(at + 22, true) === O_END
  );
}

export function isPriceLevel(view: DataView, at: number): boolean {
  return (
    view.getFloat64(at, true) === P0 && view.getFloat64(at + 8, true) === P8 && view.getFloat64(at + 9, true) === P_END
  );
}

export function isNewQuantity(view: DataView, at: number): boolean {
  return (
    view.getFloat64(at, true) === Q0 && view.getFloat64(at + 8, true) === Q8 && view.getFloat64(at + 10, true) === Q_END
  );
}

/** Whether the `length` bytes of ASCII (at least eight) at `from` stand at `at` too. */
export function isRepeated(view: DataView, from: number, at: number, length: number): boolean {
  const last = length - 8;
  for (let i = 0; i < last; i += 8) if (view.getFloat64(from + i, true) !== view.getFloat64(at + i, true)) return false;
  return view.getFloat64(from + last, true) === view.getFloat64(at + last, true);
}

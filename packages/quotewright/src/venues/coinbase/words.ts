/**
 * The texts between the values of a level in a Coinbase frame, compared four bytes at a time: they are most of its bytes, and one by one
 * they take three times as long. The words stand written out, because constants are compared faster than what an array holds. The caller
 * sees to it that nothing is read beyond the view.
 */

import { word } from '../scan/literal.ts';

// `{"side":"bid","event_time":"` and `{"side":"offer","event_time":"`, of which the words of the second half are the same.
const S0 = word('{"si');
const S1 = word('de":');
const B2 = word('"bid');
const O2 = word('"off');
const O3 = word('er",');
const E0 = word('","e');
const E1 = word('vent');
const E2 = word('_tim');
const E3 = word('e":"');
const QUOTE_EVENT = word('"eve');
const EVENT_TIME = word('nt_t');
const TIME_VALUE = word('ime"');
// `","price_level":"`
const P0 = word('","p');
const P1 = word('rice');
const P2 = word('_lev');
const P3 = word('el":');
const P4 = word('l":"');
// `","new_quantity":"`
const Q0 = word('","n');
const Q1 = word('ew_q');
const Q2 = word('uant');
const Q3 = word('ity"');
const Q4 = word('y":"');

export const BID_LENGTH = '{"side":"bid","event_time":"'.length;
export const OFFER_LENGTH = '{"side":"offer","event_time":"'.length;
export const PRICE_LENGTH = '","price_level":"'.length;
export const QUANTITY_LENGTH = '","new_quantity":"'.length;

export function isBid(view: DataView, at: number): boolean {
  return (
    view.getInt32(at, true) === S0 &&
    view.getInt32(at + 4, true) === S1 &&
    view.getInt32(at + 8, true) === B2 &&
    view.getInt32(at + 12, true) === E0 &&
    view.getInt32(at + 16, true) === E1 &&
    view.getInt32(at + 20, true) === E2 &&
    view.getInt32(at + 24, true) === E3
  );
}

export function isOffer(view: DataView, at: number): boolean {
  return (
    view.getInt32(at, true) === S0 &&
    view.getInt32(at + 4, true) === S1 &&
    view.getInt32(at + 8, true) === O2 &&
    view.getInt32(at + 12, true) === O3 &&
    view.getInt32(at + 16, true) === QUOTE_EVENT &&
    view.getInt32(at + 20, true) === EVENT_TIME &&
    view.getInt32(at + 24, true) === TIME_VALUE &&
    view.getInt32(at + 26, true) === E3
  );
}

export function isPriceLevel(view: DataView, at: number): boolean {
  return (
    view.getInt32(at, true) === P0 &&
    view.getInt32(at + 4, true) === P1 &&
    view.getInt32(at + 8, true) === P2 &&
    view.getInt32(at + 12, true) === P3 &&
    view.getInt32(at + 13, true) === P4
  );
}

export function isNewQuantity(view: DataView, at: number): boolean {
  return (
    view.getInt32(at, true) === Q0 &&
    view.getInt32(at + 4, true) === Q1 &&
    view.getInt32(at + 8, true) === Q2 &&
    view.getInt32(at + 12, true) === Q3 &&
    view.getInt32(at + 14, true) === Q4
  );
}

/** Whether the `length` bytes (at least four) at `from` stand at `at` too. */
export function isRepeated(view: DataView, from: number, at: number, length: number): boolean {
  const last = length - 4;
  for (let i = 0; i < last; i += 4) if (view.getInt32(from + i, true) !== view.getInt32(at + i, true)) return false;
  return view.getInt32(from + last, true) === view.getInt32(at + last, true);
}

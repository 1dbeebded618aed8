/** What of an engine can be commanded from outside, and how its parts are called there. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { Instrument } from '@quotewright/core/market/instrument';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import { Side } from '@quotewright/core/market/side';
import { LIMITS, LIMIT_INDEX, SCOPE_NAMES, Scope } from '@quotewright/core/risk/limits';
import { OrderState } from '@quotewright/core/trading/order-state';
import { REJECT_TEXT } from '@quotewright/core/trading/records';
import type { OpenOrder } from './control-protocol.ts';

export type Operable = Pick<
  Engine,
  'desk' | 'instruments' | 'operate' | 'parameters' | 'risk' | 'riskState' | 'seats' | 'setLimit' | 'strategy'
>;

const STATE_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(OrderState).map(([name, state]) => [state, name]),
);

/** Where a limit holds. */
export interface Place {
  readonly scope: Scope;
  readonly index: number;
  /** As it is written: `instrument:BTCUSDT`. */
  readonly name: string;
}

export function instrumentName({ venue, symbol }: Instrument): string {
  return `${venue}:${symbol}`;
}

/** Index of an instrument by its symbol, or `venue:symbol`. @returns a text when it is not one of them */
export function findInstrument(instruments: readonly Instrument[], name: string): number | string {
  const found = instruments.flatMap((each, index) =>
    each.symbol === name || instrumentName(each) === name ? [index] : [],
  );
  if (found.length === 1) return found[0]!;
  const names = instruments.map(instrumentName).join(', ');
  return `instrument: found '${name}', expected ${found.length === 0 ? 'one' : 'only one'} of ${names}`;
}

/** Every scope of a session. */
export function placesOf(engine: Operable): Place[] {
  const venues = instrumentVenues(engine.instruments).names;
  return [
    { scope: Scope.GLOBAL, index: 0, name: 'global' },
    ...venues.map((name, index) => ({ scope: Scope.VENUE, index, name: `venue:${name}` })),
    ...engine.instruments.map((each, index) => ({
      scope: Scope.INSTRUMENT,
      index,
      name: `instrument:${instrumentName(each)}`,
    })),
    ...engine.seats.map((_, index) => ({ scope: Scope.STRATEGY, index, name: `strategy:${index}` })),
  ];
}

/** @returns a text when there is no such limit, or it does not hold there */
export function findLimit(engine: Operable, limit: string, scope: string): { index: number; place: Place } | string {
  const index = LIMIT_INDEX.get(limit);
  if (index === undefined) {
    return `limit: found '${limit}', expected one of ${LIMITS.map(({ name }) => name).join(', ')}`;
  }
  const places = placesOf(engine);
  const found = places.filter(
    ({ name, scope: kind, index: at }) =>
      name === scope || (kind === Scope.INSTRUMENT && `instrument:${engine.instruments[at]!.symbol}` === scope),
  );
  const [place] = found;
  if (place === undefined || found.length > 1) {
    return `scope: found '${scope}', expected one of ${places.map(({ name }) => name).join(', ')}`;
  }
  const { scopes } = LIMITS[index]!;
  if (scopes.includes(place.scope)) return { index, place };
  return `scope: found '${scope}', expected one of the kinds that ${limit} has: ${scopes.map((each) => SCOPE_NAMES[each]).join(', ')}`;
}

/** Orders that are not finished, of all strategies on all venues: those that may still trade. */
export function openOrdersOf({ desk, seats, instruments }: Operable): OpenOrder[] {
  const open: OpenOrder[] = [];
  for (const { index: strategy } of seats) {
    for (const [market, instrument] of instruments.entries()) {
      for (let slot = desk.firstSlot(strategy, market); slot >= 0; slot = desk.nextSlot(slot)) {
        const reason = desk.reasonAt(slot);
        open.push({
          order: desk.idAt(slot),
          strategy: String(strategy),
          instrument: instrumentName(instrument),
          side: desk.sideAt(slot) === Side.BUY ? 'buy' : 'sell',
          price: instrument.price.format(desk.priceTicksAt(slot)),
          size: instrument.size.format(desk.openLotsAt(slot)),
          state: STATE_NAMES[desk.stateAt(slot)] ?? 'UNKNOWN',
          reason: reason === 0 ? null : (REJECT_TEXT[reason] ?? null),
        });
      }
    }
  }
  return open;
}

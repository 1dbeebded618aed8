/** The book as it was: levels with bars of their size, own orders beside them with the queue before them. */
import type { FlightMoment } from 'quotewright/server/protocol/research';
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import { DASH, formatLots, formatNumber, formatTicks } from '../../lib/format.ts';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ladderRows, spreadTicks } from './book-rows.ts';

/** Levels a side. */
const LEVELS = 14;

interface BookAtInstantProps {
  readonly moment: FlightMoment;
  readonly instrument: InstrumentInfo;
}

export function BookAtInstant({ moment, instrument }: BookAtInstantProps) {
  const book = moment.books[instrument.index];
  const quotes = moment.quotes[instrument.index];
  const rows = book === undefined || quotes === undefined ? [] : ladderRows(book, quotes, LEVELS);
  const most = Math.max(1, ...rows.map(({ lots }) => lots));
  const spread = book === undefined ? null : spreadTicks(book);
  return (
    <Panel
      title={`Book of ${instrument.symbol}`}
      className="flight-book"
      note={
        book?.isReady === false
          ? 'Not to be quoted on: stale, crossed or disconnected.'
          : `Spread ${formatNumber(spread, { digits: 0 })} ticks. Prices in ${instrument.quote}, sizes in ${instrument.base}.`
      }
    >
      {rows.length === 0 ? (
        <Empty title="No book yet" />
      ) : (
        <table className="table flight-ladder">
          <caption className="unseen">Order book at this instant</caption>
          <thead>
            <tr>
              <th scope="col" className="number">
                Size
              </th>
              <th scope="col" className="number">
                Price
              </th>
              <th scope="col" className="number">
                Own
              </th>
              <th scope="col" className="number" title="What stands before our order at most">
                Ahead
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ side, ticks, lots, ownLots, aheadLots }) => (
              <tr key={`${side}:${ticks}`} className={side === 1 ? 'flight-bid' : 'flight-ask'}>
                <td className="number flight-size">
                  <span className="flight-depth" style={{ width: `${(lots / most) * 100}%` }} aria-hidden="true" />
                  <span className="flight-lots">{formatLots(lots, instrument)}</span>
                </td>
                <td className="number flight-price">
                  <span className="unseen">{side === 1 ? 'bid' : 'ask'} </span>
                  {formatTicks(ticks, instrument)}
                </td>
                <td className="number">{ownLots > 0 ? formatLots(ownLots, instrument) : ''}</td>
                <td className="number flight-ahead">{aheadText(ownLots, aheadLots, instrument)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** A bound, where there is one. */
function aheadText(ownLots: number, aheadLots: number | null, instrument: InstrumentInfo): string {
  if (ownLots === 0) return '';
  return aheadLots === null ? DASH : `≤ ${formatLots(aheadLots, instrument)}`;
}

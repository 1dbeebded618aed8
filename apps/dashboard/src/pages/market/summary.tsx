/** The market and one's own place in it, in a line. Each figure is a component of its own and changes at a reader's pace. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { BookData, PnlData, QuotesData } from 'quotewright/server/protocol/stream';
import type { ReactNode } from 'react';
import { DASH, formatLots, formatNumber, formatTicks } from '../../lib/format.ts';
import { useSlowly } from './use-slowly.ts';

interface SummaryProps {
  readonly instrument: InstrumentInfo;
}

const EVERY_MS = 250;

interface FigureProps {
  readonly label: string;
  readonly unit: string;
  readonly children: ReactNode;
  /** Widest that it gets, in characters, so that its neighbours stay where they are. */
  readonly width: number;
}

function Figure({ label, unit, children, width }: FigureProps) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        <span className="figure-value" style={{ minWidth: `${width}ch` }}>
          {children}
        </span>{' '}
        <span className="figure-unit">{unit}</span>
      </dd>
    </div>
  );
}

function BookFigures({ instrument }: SummaryProps) {
  const book = useSlowly<BookData>(`book:${instrument.name}`, EVERY_MS);
  const bid = book?.bids[0];
  const ask = book?.asks[0];
  const width = formatTicks(ask?.[0], instrument).length;
  const spread = bid === undefined || ask === undefined ? undefined : ask[0] - bid[0];
  const mid = spread === undefined || bid === undefined ? undefined : bid[0] + spread / 2;
  return (
    <>
      <Figure label="Bid" unit={instrument.quote} width={width}>
        <span className="buy">{formatTicks(bid?.[0], instrument)}</span>
      </Figure>
      <Figure label="Ask" unit={instrument.quote} width={width}>
        <span className="sell">{formatTicks(ask?.[0], instrument)}</span>
      </Figure>
      <Figure label="Spread" unit={instrument.quote} width={6}>
        {formatTicks(spread, instrument)}
      </Figure>
      <Figure label="… of the mid" unit="bp" width={5}>
        {spread === undefined || mid === undefined ? DASH : formatNumber((spread / mid) * 10_000, { digits: 2 })}
      </Figure>
      <Figure label="Last" unit={instrument.quote} width={width}>
        {formatTicks(book?.lastTicks, instrument)}
      </Figure>
      {book?.isReady === false && <span className="chip chip-warn">! book is not to be quoted on</span>}
    </>
  );
}

function OwnFigures({ instrument }: SummaryProps) {
  const quotes = useSlowly<QuotesData>(`quotes:${instrument.name}`, EVERY_MS)?.orders;
  const pnl = useSlowly<PnlData>('pnl', EVERY_MS);
  const positions = pnl?.strategies.flatMap((one) => one.positions.filter((at) => at.instrument === instrument.index));
  const lots = positions?.reduce((sum, position) => sum + position.lots, 0);
  const money = positions?.reduce((sum, position) => sum + position.realised + position.unrealised, 0);
  return (
    <>
      <Figure label="Position" unit={instrument.base} width={instrument.sizeDigits + 5}>
        {formatLots(lots, instrument, true)}
      </Figure>
      <Figure label="Gross P&L" unit={instrument.settlement} width={10}>
        <span className={money === undefined || money === 0 ? '' : money > 0 ? 'up' : 'down'}>
          {formatNumber(money, { sign: true })}
        </span>
      </Figure>
      <Figure label="Own quotes" unit="B / S" width={5}>
        {quotes === undefined
          ? DASH
          : `${quotes.filter((one) => one.side === 1).length} / ${quotes.filter((one) => one.side === -1).length}`}
      </Figure>
    </>
  );
}

export function Summary({ instrument }: SummaryProps) {
  return (
    <dl className="figures">
      <BookFigures instrument={instrument} />
      <OwnFigures instrument={instrument} />
    </dl>
  );
}

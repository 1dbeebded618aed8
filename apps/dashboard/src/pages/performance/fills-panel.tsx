/** The last fills, newest first. */
import { useMemo } from 'react';
import type { FillEntry, FillsData } from 'quotewright/server/protocol/stream';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import { exportCsv } from '../../lib/export.ts';
import { formatLots, formatNumber, formatTicks, formatTime, sideWord } from '../../lib/format.ts';
import { useTopic } from '../../lib/stream.ts';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { moneyDigits } from './units.ts';

/** Rows on the page; the file has all that are kept. */
const SHOWN = 100;

interface FillsPanelProps {
  readonly session: SessionInfo;
  /** undefined: of all. */
  readonly strategy: number | undefined;
}

export function FillsPanel({ session, strategy }: FillsPanelProps) {
  const { data } = useTopic<FillsData>('fills');
  const fills = useMemo(
    () => (data?.items ?? []).filter((fill) => strategy === undefined || fill.strategy === strategy).toReversed(),
    [data, strategy],
  );
  const columns = useMemo(() => columnsOf(session, strategy === undefined), [session, strategy]);
  return (
    <Panel
      title="Fills"
      className="flush fills"
      actions={fills.length > 0 && <ExportButtons name="fills" onCsv={() => saveFills(fills, session)} />}
      {...(fills.length > SHOWN ? { note: `The last ${SHOWN} of ${fills.length} that are kept here.` } : {})}
    >
      <Table
        label="Own fills, newest first"
        columns={columns}
        rows={fills.slice(0, SHOWN)}
        keyOf={({ number }) => number}
        empty={<Empty title="No fills yet">Each execution of an own order is listed here as it happens.</Empty>}
      />
    </Panel>
  );
}

function column(key: string, header: string, render: Column<FillEntry>['render'], isNumber = true): Column<FillEntry> {
  return { key, header, render, isNumber };
}

function columnsOf({ instruments, strategies }: SessionInfo, withStrategy: boolean): Column<FillEntry>[] {
  const of = (fill: FillEntry) => instruments[fill.instrument];
  // A unit that all have stands in the heading, another one at each figure.
  const [first] = instruments;
  const isOneQuote = instruments.every(({ quote }) => quote === first?.quote);
  const isOneBase = instruments.every(({ base }) => base === first?.base);
  const price = isOneQuote ? `price, ${first?.quote ?? ''}` : 'price';
  const size = isOneBase ? `size, ${first?.base ?? ''}` : 'size';
  return [
    column('time', 'time', ({ timeMs }) => <span className="mono">{formatTime(timeMs, 3)}</span>, false),
    ...(withStrategy ? [column('strategy', 'strategy', (fill) => strategies[fill.strategy]?.name ?? '', false)] : []),
    ...(instruments.length > 1 ? [column('instrument', 'instrument', (fill) => of(fill)?.symbol ?? '', false)] : []),
    column(
      'side',
      'side',
      ({ side }) => (
        <span className={side === 1 ? 'side buy' : 'side sell'}>
          <span aria-hidden="true">{side === 1 ? '▲' : '▼'}</span> {sideWord(side)}
        </span>
      ),
      false,
    ),
    column('price', price, (fill) => {
      const instrument = of(fill);
      if (instrument === undefined) return '';
      return `${formatTicks(fill.ticks, instrument)}${isOneQuote ? '' : `\u00a0${instrument.quote}`}`;
    }),
    column('size', size, (fill) => {
      const instrument = of(fill);
      if (instrument === undefined) return '';
      return `${formatLots(fill.lots, instrument)}${isOneBase ? '' : `\u00a0${instrument.base}`}`;
    }),
    column('fee', 'fee', (fill) => {
      const currency = of(fill)?.settlement ?? '';
      return formatNumber(fill.fee, { digits: moneyDigits(currency) + 2, unit: currency });
    }),
    column('role', 'role', ({ isMaker }) => (isMaker ? 'maker' : 'taker'), false),
    column('after', 'position after', (fill) => {
      const instrument = of(fill);
      return instrument === undefined
        ? ''
        : `${formatLots(fill.positionLots, instrument, true)}\u00a0${instrument.base}`;
    }),
  ];
}

const inUnits = (count: number, unit: string | undefined, digits = 0): string =>
  (count * Number(unit ?? 1)).toFixed(digits);

function saveFills(fills: readonly FillEntry[], { instruments, strategies }: SessionInfo): void {
  exportCsv(
    'fills',
    [
      'number',
      'time',
      'strategy',
      'instrument',
      'side',
      'price',
      'size',
      'fee',
      'fee currency',
      'role',
      'position after',
    ],
    fills.toReversed().map((fill) => {
      const instrument = instruments[fill.instrument];
      return [
        fill.number,
        new Date(fill.timeMs).toISOString(),
        strategies[fill.strategy]?.name,
        instrument?.name,
        sideWord(fill.side),
        inUnits(fill.ticks, instrument?.tick, instrument?.priceDigits),
        inUnits(fill.lots, instrument?.lot, instrument?.sizeDigits),
        fill.fee,
        instrument?.settlement,
        fill.isMaker ? 'maker' : 'taker',
        inUnits(fill.positionLots, instrument?.lot, instrument?.sizeDigits),
      ];
    }),
  );
}

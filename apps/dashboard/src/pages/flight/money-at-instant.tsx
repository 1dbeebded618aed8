/** P&L, positions, own orders and the last fills as they were at the instant. */
import type { FlightMoment } from 'quotewright/server/protocol/research';
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { FillEntry, PnlPosition, QuoteOrder, StrategyPnl } from 'quotewright/server/protocol/stream';
import { formatLots, formatNumber, formatTicks, formatTime, sideWord } from '../../lib/format.ts';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';

/** Fills that are listed. */
const FILLS = 8;

interface MoneyAtInstantProps {
  readonly moment: FlightMoment;
  readonly instruments: readonly InstrumentInfo[];
  readonly strategies: readonly string[];
  readonly hasTrading: boolean;
}

export function MoneyAtInstant({ moment, instruments, strategies, hasTrading }: MoneyAtInstantProps) {
  if (!hasTrading) {
    return (
      <Panel title="Trading" className="flight-money">
        <Empty title="A recording has a market only">
          Replay it with a strategy, and its journal has quotes and P&L too.
        </Empty>
      </Panel>
    );
  }
  const orders = moment.quotes.flatMap((quotes, index) => quotes.orders.map((order) => ({ order, index })));
  return (
    <Panel title="Trading at this instant" className="flight-money">
      {moment.pnl.strategies.map((pnl) => (
        <Account key={pnl.strategy} pnl={pnl} name={strategies[pnl.strategy] ?? ''} instruments={instruments} />
      ))}
      <h3 className="flight-title">Own orders</h3>
      <Orders orders={orders} instruments={instruments} />
      <h3 className="flight-title">Last fills</h3>
      <Fills fills={moment.fills.slice(-FILLS).toReversed()} instruments={instruments} />
    </Panel>
  );
}

function Account({
  pnl,
  name,
  instruments,
}: {
  readonly pnl: StrategyPnl;
  readonly name: string;
  readonly instruments: readonly InstrumentInfo[];
}) {
  const { currency } = pnl;
  const money = (value: number): string => formatNumber(value, { unit: currency, sign: true });
  return (
    <section aria-label={name}>
      <h3 className="flight-title">{name}</h3>
      <dl className="flight-figures">
        <Figure label="P&L" value={money(pnl.total)} isMain />
        <Figure label="Realised" value={money(pnl.realised)} />
        <Figure label="Unrealised" value={money(pnl.unrealised)} />
        <Figure label="Fees paid" value={formatNumber(pnl.fees, { unit: currency })} />
        <Figure label="Drawdown" value={formatNumber(pnl.drawdown * 100, { digits: 3, unit: '%' })} />
        <Figure label="Fills" value={formatNumber(pnl.fills, { digits: 0 })} />
      </dl>
      <Positions positions={pnl.positions} instruments={instruments} currency={currency} />
    </section>
  );
}

function Figure({
  label,
  value,
  isMain = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly isMain?: boolean;
}) {
  return (
    <div className={isMain ? 'flight-figure flight-figure-main' : 'flight-figure'}>
      <dt>{label}</dt>
      <dd className="number">{value}</dd>
    </div>
  );
}

function Positions({
  positions,
  instruments,
  currency,
}: {
  readonly positions: readonly PnlPosition[];
  readonly instruments: readonly InstrumentInfo[];
  readonly currency: string;
}) {
  return (
    <Table
      label="Positions"
      rows={positions}
      keyOf={({ instrument }) => instrument}
      empty={<Empty title="No instrument" />}
      columns={[
        { key: 'instrument', header: 'Position', render: ({ instrument }) => instruments[instrument]?.symbol },
        {
          key: 'size',
          header: 'Size',
          isNumber: true,
          render: ({ instrument, lots }) =>
            withInstrument(instruments, instrument, (each) => formatLots(lots, each, true)),
        },
        {
          key: 'entry',
          header: 'Entry',
          isNumber: true,
          render: ({ instrument, entryTicks }) =>
            withInstrument(instruments, instrument, (each) => formatTicks(entryTicks, each)),
        },
        {
          key: 'unrealised',
          header: 'Unrealised',
          isNumber: true,
          render: ({ unrealised }) => formatNumber(unrealised, { unit: currency, sign: true }),
        },
      ]}
    />
  );
}

function Orders({
  orders,
  instruments,
}: {
  readonly orders: readonly { readonly order: QuoteOrder; readonly index: number }[];
  readonly instruments: readonly InstrumentInfo[];
}) {
  return (
    <Table
      label="Own orders"
      rows={orders}
      keyOf={({ order }) => order.id}
      empty={<p className="flight-none">none</p>}
      columns={[
        { key: 'instrument', header: 'Instrument', render: ({ index }) => instruments[index]?.symbol },
        { key: 'side', header: 'Side', render: ({ order }) => <Side side={order.side} /> },
        {
          key: 'open',
          header: 'Open',
          isNumber: true,
          render: ({ order, index }) => withInstrument(instruments, index, (each) => formatLots(order.openLots, each)),
        },
        {
          key: 'price',
          header: 'Price',
          isNumber: true,
          render: ({ order, index }) => withInstrument(instruments, index, (each) => formatTicks(order.ticks, each)),
        },
        { key: 'state', header: 'State', render: ({ order }) => order.state },
      ]}
    />
  );
}

function Fills({
  fills,
  instruments,
}: {
  readonly fills: readonly FillEntry[];
  readonly instruments: readonly InstrumentInfo[];
}) {
  return (
    <Table
      label="Last fills"
      rows={fills}
      keyOf={({ number }) => number}
      empty={<p className="flight-none">none yet</p>}
      columns={[
        {
          key: 'time',
          header: 'Time',
          render: ({ timeMs }) => <span className="number">{formatTime(timeMs, 3)}</span>,
        },
        { key: 'instrument', header: 'Instrument', render: ({ instrument }) => instruments[instrument]?.symbol },
        { key: 'side', header: 'Side', render: ({ side }) => <Side side={side} /> },
        {
          key: 'size',
          header: 'Size',
          isNumber: true,
          render: ({ instrument, lots }) => withInstrument(instruments, instrument, (each) => formatLots(lots, each)),
        },
        {
          key: 'price',
          header: 'Price',
          isNumber: true,
          render: ({ instrument, ticks }) =>
            withInstrument(instruments, instrument, (each) => formatTicks(ticks, each)),
        },
      ]}
    />
  );
}

function Side({ side }: { readonly side: 1 | -1 }) {
  return <span className={side === 1 ? 'flight-buy' : 'flight-sell'}>{sideWord(side)}</span>;
}

function withInstrument(
  instruments: readonly InstrumentInfo[],
  index: number,
  text: (instrument: InstrumentInfo) => string,
): string {
  const instrument = instruments[index];
  return instrument === undefined ? '' : text(instrument);
}

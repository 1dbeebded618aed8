/** One strategy: its figures, how they went, where the P&L came from, its fills. */
import { useState } from 'react';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import type { PerformanceReport } from 'quotewright/server/protocol/trading';
import { Select } from '../../ui/select.tsx';
import { AttributionPanel } from './attribution-panel.tsx';
import { FiguresPanel } from './figures-panel.tsx';
import { FillsPanel } from './fills-panel.tsx';
import { HeadlinePanel } from './headline-panel.tsx';
import { MarkoutPanel } from './markout-panel.tsx';
import type { RangeKey } from './ranges.ts';
import { SeriesPanel } from './series-panel.tsx';
import { moneyDigits } from './units.ts';
import { useSeries } from './use-series.ts';
import type { Tail } from './use-tail.ts';

interface StrategyViewProps {
  readonly session: SessionInfo;
  readonly strategy: number;
  readonly report: PerformanceReport['strategies'][number] | undefined;
  readonly range: RangeKey;
  readonly fromMs: number | undefined;
  readonly tail: Tail;
}

export function StrategyView(props: StrategyViewProps) {
  const { session, strategy, report } = props;
  const markets = report?.markets ?? [];
  return (
    <>
      <HeadlinePanel session={session} strategy={strategy} report={report} />
      <Charts {...props} />
      <div className="performance-parts">
        <AttributionPanel markets={markets} session={session} toMs={report?.toMs ?? null} />
        <MarkoutPanel markets={markets} session={session} />
        <FillsPanel session={session} strategy={strategy} />
      </div>
      {report !== undefined && <FiguresPanel report={report} session={session} />}
    </>
  );
}

function Charts({ session, strategy, range, fromMs, tail }: StrategyViewProps) {
  const [held, setHeld] = useState(0);
  const instrument = session.instruments[held] ?? session.instruments[0];
  const currency = session.instruments[0]?.settlement ?? '';
  const lot = Number(instrument?.lot ?? 1);
  const total = useSeries({ metric: 'pnl', strategy }, fromMs);
  const realised = useSeries({ metric: 'realised', strategy }, fromMs);
  const unrealised = useSeries({ metric: 'unrealised', strategy }, fromMs);
  const position = useSeries({ metric: 'position', strategy, instrument: instrument?.name }, fromMs);
  const drawdown = useSeries({ metric: 'drawdown', strategy }, fromMs);
  const uptime = useSeries({ metric: 'quoteUptime', strategy }, fromMs);
  const fees = useSeries({ metric: 'fees', strategy }, fromMs);
  const fills = useSeries({ metric: 'fills', strategy }, fromMs);
  const digits = moneyDigits(currency);
  const common = { range, tail };
  const isInLots = position.series?.unit === 'lots';
  return (
    <div className="performance-charts">
      <SeriesPanel
        {...common}
        title={`P&L, ${currency}`}
        exportName="pnl"
        unit={currency}
        digits={digits}
        curves={[
          {
            label: 'total',
            answer: total,
            strategy,
            live: { metric: 'pnl' },
            look: { color: '--series-1', isFilled: true },
          },
          {
            label: 'realised',
            answer: realised,
            strategy,
            live: { metric: 'realised' },
            look: { color: '--series-2', dash: [6, 4] },
          },
          {
            label: 'unrealised',
            answer: unrealised,
            strategy,
            live: { metric: 'unrealised' },
            look: { color: '--series-3', dash: [2, 3] },
          },
        ]}
      />
      <SeriesPanel
        {...common}
        title={`Position, ${instrument?.base ?? ''}`}
        actions={
          session.instruments.length > 1 && (
            <Select
              label="Instrument"
              isLabelHidden
              value={String(held)}
              options={session.instruments.map(({ symbol, index }) => ({ value: String(index), label: symbol }))}
              onChange={(value) => setHeld(Number(value))}
            />
          )
        }
        exportName="position"
        unit={instrument?.base ?? ''}
        digits={instrument?.sizeDigits ?? 4}
        minRange={[-lot, lot]}
        curves={[
          {
            label: 'position',
            answer: position,
            strategy,
            live: { metric: 'position', instrument: instrument?.index ?? 0, scale: lot },
            scale: isInLots ? lot : 1,
            look: { isFilled: true, isStepped: true },
          },
        ]}
      />
      <SeriesPanel
        {...common}
        title="Drawdown, % of the peak"
        exportName="drawdown"
        unit="%"
        digits={3}
        minRange={[-0.001, 0]}
        curves={[
          {
            label: 'below the peak',
            answer: drawdown,
            strategy,
            live: { metric: 'drawdown', scale: -100 },
            scale: -100,
            look: { color: '--series-5', isFilled: true },
          },
        ]}
      />
      <SeriesPanel
        {...common}
        title="Quoted on both sides, % of the time"
        exportName="quote-uptime"
        unit="%"
        digits={1}
        minRange={[0, 100]}
        curves={[{ label: 'uptime', answer: uptime, strategy, scale: 100, look: { color: '--series-4' } }]}
      />
      <SeriesPanel
        {...common}
        title={`Fees paid, ${currency}`}
        exportName="fees"
        unit={currency}
        digits={digits}
        minRange={[0, 0.01]}
        curves={[
          {
            label: 'fees',
            answer: fees,
            strategy,
            live: { metric: 'fees' },
            look: { color: '--series-2', isStepped: true },
          },
        ]}
      />
      <SeriesPanel
        {...common}
        title="Fills, since the start"
        exportName="fills"
        unit="fills"
        digits={0}
        curves={[
          {
            label: 'fills',
            answer: fills,
            strategy,
            live: { metric: 'fills' },
            look: { color: '--series-6', isStepped: true },
          },
        ]}
      />
    </div>
  );
}

/** All strategies: their sum, their curves over each other, and their figures side by side. */
import { useState } from 'react';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import type { PerformanceReport, SeriesReport } from 'quotewright/server/protocol/trading';
import { exportCsv } from '../../lib/export.ts';
import { formatNumber } from '../../lib/format.ts';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { AttributionPanel } from './attribution-panel.tsx';
import { compared, type ComparedRow } from './compare.ts';
import { Explain } from './explain.tsx';
import { FillsPanel } from './fills-panel.tsx';
import { HeadlinePanel } from './headline-panel.tsx';
import type { LiveMetric } from './live-series.ts';
import type { RangeKey } from './ranges.ts';
import { type Curve, SeriesPanel } from './series-panel.tsx';
import { moneyDigits, shownFigure } from './units.ts';
import { useSeries } from './use-series.ts';
import type { Tail } from './use-tail.ts';

/** Curves that can be told apart without colour. More strategies than these begin anew, with another colour. */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [1, 5]];
/** Hooks cannot be called in a loop of changing length: so many curves at most. */
const CURVES = 6;

interface CompareViewProps {
  readonly session: SessionInfo;
  readonly reports: PerformanceReport['strategies'];
  readonly range: RangeKey;
  readonly fromMs: number | undefined;
  readonly tail: Tail;
}

export function CompareView({ session, reports, range, fromMs, tail }: CompareViewProps) {
  const currency = session.instruments[0]?.settlement ?? '';
  const money = { unit: currency, digits: moneyDigits(currency) };
  const common = { session, range, fromMs, tail };
  return (
    <>
      <HeadlinePanel session={session} strategy={undefined} report={undefined} />
      <div className="performance-charts performance-charts-even">
        <Overlaid {...common} {...money} title={`Total P&L, ${currency}`} metric="pnl" live="pnl" />
        <Overlaid
          {...common}
          title="Drawdown, % of the peak"
          metric="drawdown"
          live="drawdown"
          unit="%"
          digits={3}
          scale={-100}
        />
        <Overlaid {...common} {...money} title={`Realised, ${currency}`} metric="realised" live="realised" />
        <Overlaid
          {...common}
          title="Quoted on both sides, % of the time"
          metric="quoteUptime"
          unit="%"
          digits={1}
          scale={100}
        />
      </div>
      <div className="performance-parts">
        <Figures session={session} reports={reports} />
        <AttributionPanel
          markets={reports.flatMap(({ markets }) => markets)}
          session={session}
          toMs={reports[0]?.toMs ?? null}
        />
        <FillsPanel session={session} strategy={undefined} />
      </div>
    </>
  );
}

interface OverlaidProps extends Omit<CompareViewProps, 'reports'> {
  readonly title: string;
  readonly metric: SeriesReport['metric'];
  readonly live?: LiveMetric;
  readonly unit: string;
  readonly digits: number;
  readonly scale?: number;
}

function Overlaid({ session, range, fromMs, tail, title, metric, live, unit, digits, scale = 1 }: OverlaidProps) {
  const last = session.strategies.length - 1;
  const of = (index: number) => ({ metric, strategy: Math.min(index, last) });
  const answers = [
    useSeries(of(0), fromMs),
    useSeries(of(1), fromMs),
    useSeries(of(2), fromMs),
    useSeries(of(3), fromMs),
    useSeries(of(4), fromMs),
    useSeries(of(5), fromMs),
  ];
  const curves = session.strategies.slice(0, CURVES).flatMap(({ name, index }): Curve[] => {
    const answer = answers[index];
    if (answer === undefined) return [];
    return [
      {
        label: `${index} ${name}`,
        answer,
        strategy: index,
        scale,
        look: { dash: DASHES[index % DASHES.length] ?? [] },
        ...(live === undefined ? {} : { live: { metric: live, scale } }),
      },
    ];
  });
  return <SeriesPanel {...{ title, unit, digits, curves, range, tail }} exportName={`compare-${metric}`} />;
}

function Figures({ session, reports }: Pick<CompareViewProps, 'session' | 'reports'>) {
  const rows = compared(reports, (instrument) => session.instruments[instrument]?.name ?? '');
  const groups = [...new Set(rows.map(({ of }) => of))];
  const [chosen, setChosen] = useState('');
  const group = groups.includes(chosen) ? chosen : groups[0];
  const shown = rows.filter(({ of, values }) => of === group && values.some((value) => value !== null));
  const write = (row: ComparedRow, value: number | null | undefined, sign: boolean): string => {
    const market = session.instruments.find(({ name }) => name === row.of);
    const { scale, digits, unit } = shownFigure(row, market?.settlement ?? row.of, market?.base);
    return formatNumber(value === null || value === undefined ? null : value * scale, { digits, unit, sign });
  };
  const columns: Column<ComparedRow>[] = [
    {
      key: 'figure',
      header: 'figure',
      render: ({ label, description }) => <Explain text={`${description}.`}>{label}</Explain>,
    },
    ...reports.flatMap(({ name, strategy }, index): Column<ComparedRow>[] => [
      {
        key: `value ${strategy}`,
        header: `${strategy} ${name}`,
        isNumber: true,
        render: (row) => write(row, row.values[index], false),
      },
      ...(index === 0
        ? []
        : [
            {
              key: `difference ${strategy}`,
              header: `less ${reports[0]?.name ?? ''}`,
              isNumber: true,
              render: (row: ComparedRow) => write(row, row.differences[index], true),
            },
          ]),
    ]),
  ];
  return (
    <Panel
      title="Side by side"
      className="flush compared"
      actions={
        <>
          <Select
            label="Of"
            value={group ?? ''}
            options={groups.map((of) => ({ value: of, label: of }))}
            onChange={setChosen}
          />
          <ExportButtons
            name="the comparison"
            onCsv={() =>
              exportCsv(
                'compared',
                ['of', 'figure', 'unit', ...reports.map(({ name }) => name)],
                rows.map(({ of, key, unit, values }) =>
                  [of, key, unit].concat(values.map((value) => String(value ?? ''))),
                ),
              )
            }
          />
        </>
      }
    >
      <Table
        label="Strategies side by side"
        columns={columns}
        rows={shown}
        keyOf={({ of, key }) => `${of} ${key}`}
        empty={null}
      />
    </Panel>
  );
}

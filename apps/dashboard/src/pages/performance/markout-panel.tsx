/** Markouts of one market: what a fill was worth some time later, with how sure that is. */
import { useState } from 'react';
import type { PerformanceReport } from 'quotewright/server/protocol/trading';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import { exportCsv } from '../../lib/export.ts';
import { formatNumber } from '../../lib/format.ts';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { markoutScene } from './markout-scene.ts';
import { horizonText, type MarkoutPoint, markoutPoints } from './markouts.ts';
import { SceneView } from './scene-view.tsx';

const HEIGHT = 200;

const COLUMNS: readonly Column<MarkoutPoint>[] = [
  { key: 'horizon', header: 'after', isNumber: true, render: ({ horizonSeconds }) => horizonText(horizonSeconds) },
  {
    key: 'mean',
    header: 'mean, ticks',
    isNumber: true,
    render: ({ mean }) => formatNumber(mean, { digits: 3, sign: true }),
  },
  {
    key: 'error',
    header: '± s.e., ticks',
    isNumber: true,
    title: 'Standard error of the mean, fills taken as independent',
    render: ({ standardError }) => formatNumber(standardError, { digits: 3 }),
  },
  { key: 'fills', header: 'fills', isNumber: true, render: ({ fills }) => formatNumber(fills, { digits: 0 }) },
];

interface MarkoutPanelProps {
  readonly markets: PerformanceReport['strategies'][number]['markets'];
  readonly session: SessionInfo;
}

export function MarkoutPanel({ markets, session }: MarkoutPanelProps) {
  const [chosen, setChosen] = useState(0);
  const market = markets[chosen] ?? markets[0];
  const name = session.instruments[market?.instrument ?? -1]?.name ?? '';
  const points = markoutPoints(market?.markouts ?? []);
  return (
    <Panel
      title="Markouts"
      note="Mean move of the mid from the fill’s price, in our favour, by size. Whiskers are two standard errors; right after the fill it is the spread captured."
      actions={
        markets.length > 1 && (
          <Select
            label="Instrument"
            isLabelHidden
            value={String(chosen)}
            options={markets.map(({ instrument }, index) => ({
              value: String(index),
              label: session.instruments[instrument]?.symbol ?? String(instrument),
            }))}
            onChange={(value) => setChosen(Number(value))}
          />
        )
      }
    >
      {points.length === 0 ? (
        <Empty title="No markouts yet">They come with fills that are old enough for the shortest horizon.</Empty>
      ) : (
        <>
          <SceneView
            label={`Markouts of ${name} in ticks: ${points
              .map(({ horizonSeconds, mean }) => `${horizonText(horizonSeconds)} ${formatNumber(mean, { sign: true })}`)
              .join(', ')}`}
            draw={(width) => markoutScene(points, width, HEIGHT)}
            exportName={`markouts-${name.replace(':', '-')}`}
            onCsv={() =>
              exportCsv(
                `markouts-${name.replace(':', '-')}`,
                ['horizon (s)', 'mean (ticks)', 'standard error (ticks)', 'fills'],
                points.map((point) => [point.horizonSeconds, point.mean, point.standardError, point.fills]),
              )
            }
          >
            in ticks, by time after the fill
          </SceneView>
          <Table
            label={`Markouts of ${name}`}
            columns={COLUMNS}
            rows={points}
            keyOf={({ horizonSeconds }) => horizonSeconds}
            empty={null}
          />
        </>
      )}
    </Panel>
  );
}

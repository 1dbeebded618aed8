/** Where the P&L came from, as a waterfall for each settlement currency. */
import { useMemo } from 'react';
import type { PerformanceReport } from 'quotewright/server/protocol/trading';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import { exportCsv } from '../../lib/export.ts';
import { formatNumber, formatTime } from '../../lib/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/notes.tsx';
import { type Attribution, attributionByCurrency, waterfall } from './attribution.ts';
import { SceneView } from './scene-view.tsx';
import { moneyDigits } from './units.ts';
import { waterfallScene } from './waterfall-scene.ts';

interface AttributionPanelProps {
  readonly markets: PerformanceReport['strategies'][number]['markets'];
  readonly session: SessionInfo;
  /** Market time of the figures. */
  readonly toMs: number | null;
}

export function AttributionPanel({ markets, session, toMs }: AttributionPanelProps) {
  const sums = useMemo(
    () =>
      attributionByCurrency(
        markets,
        session.instruments.map(({ settlement }) => settlement),
      ),
    [markets, session],
  );
  return (
    <Panel
      title="Attribution"
      note={`Where the net P&L came from, as of ${formatTime(toMs)}, at the mids. The parts add up to the total, to the last digit shown.`}
      className="attribution"
    >
      {sums.length === 0 ? (
        <Empty title="No fills yet">With the first one it is told where the P&L comes from.</Empty>
      ) : (
        sums.map((sum) => <Waterfall key={sum.currency} attribution={sum} />)
      )}
    </Panel>
  );
}

function Waterfall({ attribution }: { readonly attribution: Attribution }) {
  const { currency } = attribution;
  const digits = moneyDigits(currency);
  const steps = waterfall(attribution, digits);
  const label = `Attribution in ${currency}: ${steps
    .map((step) => `${step.label} ${formatNumber(step.value, { digits, sign: true })}`)
    .join(', ')}`;
  return (
    <SceneView
      label={label}
      draw={(width) => waterfallScene(steps, width, (value) => formatNumber(value, { digits, sign: true }))}
      exportName={`attribution-${currency}`}
      onCsv={() =>
        exportCsv(
          `attribution-${currency}`,
          ['part', `value (${currency})`],
          steps.map((step) => [step.label, step.value]),
        )
      }
    >
      in {currency}
    </SceneView>
  );
}

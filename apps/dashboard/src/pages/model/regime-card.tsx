/** One instrument: its regime now, the figures behind it, how it went while this page was open. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { RegimeData } from 'quotewright/server/protocol/stream';
import { formatNumber } from '../../lib/format.ts';
import { LineChart } from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FigureTile } from '../performance/figure-tile.tsx';
import { type RegimePoint, spansOf } from './regime-history.ts';
import { RegimeStrip } from './regime-strip.tsx';
import { regimeWords } from './regimes.ts';

interface RegimeCardProps {
  readonly instrument: InstrumentInfo;
  readonly now: RegimeData['instruments'][number];
  readonly points: readonly RegimePoint[];
}

/** Basis points of a share. */
const BP = 10_000;

export function RegimeCard({ instrument, now, points }: RegimeCardProps) {
  const { label, text, sign, kind } = regimeWords(now.regime);
  const { volatility } = now;
  return (
    <Panel title={`Regime of ${instrument.name}`}>
      <div className="regime-row">
        <div className={`regime-word regime-${kind}`}>
          <p className="regime-name">
            <span aria-hidden="true">{sign}</span> {label}
          </p>
          <p className="muted">{text}</p>
        </div>
        <dl className="headline headline-three regime-figures">
          <FigureTile
            label="Volatility"
            about="How far the mid moves: its standard deviation grows with the root of time; this is that of one second, in hundredths of a per cent."
            value={formatNumber(volatility === null ? null : volatility * BP, { digits: 3, unit: 'bp/√s' })}
          >
            {formatNumber(volatility === null ? null : volatility * BP * Math.sqrt(60), {
              digits: 2,
              unit: 'bp a minute',
            })}
          </FigureTile>
          <FigureTile
            label="Volatility ratio"
            about="The volatility of half a minute over that of half an hour. 1 = as usual."
            value={formatNumber(now.volatilityRatio, { digits: 2, unit: '×' })}
          />
          <FigureTile
            label="Spread ratio"
            about="The spread over its running median. 1 = as usual."
            value={formatNumber(now.spreadRatio, { digits: 2, unit: '×' })}
          />
        </dl>
      </div>
      <RegimeStrip spans={spansOf(points)} name={instrument.name} />
      {points.length > 1 && (
        <LineChart
          series={[
            {
              label: 'volatility ratio',
              values: points.map(({ volatilityRatio }) => volatilityRatio),
              color: '--series-1',
            },
            {
              label: 'spread ratio',
              values: points.map(({ spreadRatio }) => spreadRatio),
              color: '--series-2',
              dash: [6, 4],
              isStepped: true,
            },
          ]}
          timesMs={points.map(({ timeMs }) => timeMs)}
          unit="×"
          digits={2}
          height={150}
          minRange={[0, 2]}
          exportName={`regime-${instrument.symbol}`}
        />
      )}
    </Panel>
  );
}

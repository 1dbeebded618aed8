/** Every figure of the report, by account and market, each explained where its name is. */
import { useState } from 'react';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import type { Figure, PerformanceReport } from 'quotewright/server/protocol/trading';
import { exportCsv } from '../../lib/export.ts';
import { formatNumber } from '../../lib/format.ts';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { Explain } from './explain.tsx';
import { shownFigure } from './units.ts';

interface FiguresPanelProps {
  readonly report: PerformanceReport['strategies'][number];
  readonly session: SessionInfo;
}

export function FiguresPanel({ report, session }: FiguresPanelProps) {
  const [isAll, setIsAll] = useState(false);
  const groups = [
    ...report.accounts.map(({ currency, figures }) => ({
      title: `Account in ${currency}`,
      currency,
      base: '',
      figures,
    })),
    ...report.markets.map(({ instrument, figures }) => {
      const { name = '', settlement = '', base = '' } = session.instruments[instrument] ?? {};
      return { title: name, currency: settlement, base, figures };
    }),
  ];
  return (
    <Panel
      title="All figures"
      actions={
        <>
          <Toggle label="also those not known yet" isOn={isAll} onChange={setIsAll} />
          <ExportButtons
            name="all figures"
            onCsv={() =>
              exportCsv(
                'figures',
                ['of', 'figure', 'value', 'unit'],
                groups.flatMap(({ title, currency, figures }) =>
                  figures.map(({ key, value, unit }) => [title, key, value, unit === 'currency' ? currency : unit]),
                ),
              )
            }
          />
        </>
      }
    >
      {groups.map(({ title, currency, base, figures }) => (
        <section key={title} className="all-figures-group">
          <h3>{title}</h3>
          <dl className="all-figures">
            {figures
              .filter(({ value }) => isAll || value !== null)
              .map((figure) => (
                <FigureRow key={figure.key} {...{ figure, currency, base }} />
              ))}
          </dl>
        </section>
      ))}
    </Panel>
  );
}

interface FigureRowProps {
  readonly figure: Figure;
  readonly currency: string;
  readonly base: string;
}

function FigureRow({ figure, currency, base }: FigureRowProps) {
  const { label, description, value } = figure;
  const shown = shownFigure(figure, currency, base);
  return (
    <div className="all-figures-row">
      <dt>
        <Explain text={`${description}.`}>{label}</Explain>
      </dt>
      <dd>
        <span className="number">
          {formatNumber(value === null ? null : value * shown.scale, { digits: shown.digits })}
        </span>
        <span className="all-figures-unit">{shown.unit}</span>
      </dd>
    </div>
  );
}

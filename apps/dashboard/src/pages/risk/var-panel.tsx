/** Value at risk and expected shortfall by method and level, what each position adds to it, and what happens in hard cases. */
import type { VarReport } from 'quotewright/server/protocol/risk';
import { useApi } from '../../lib/api.ts';
import { formatDuration, formatNumber, formatShare } from '../../lib/format.ts';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Explain } from '../performance/explain.tsx';
import { moneyDigits } from '../performance/units.ts';
import { methodWords } from './methods.ts';
import { StressBars } from './stress-bars.tsx';

const EVERY_MS = 5000;

type Figure = VarReport['figures'][number];
type Component = VarReport['components'][number];

export function VarPanel() {
  const { data, error, reload } = useApi<VarReport>('/risk/var', { everyMs: EVERY_MS });
  return (
    <Panel title="Value at risk" className="flush var" {...(data === undefined ? {} : { note: noteOf(data) })}>
      {error !== undefined && <ErrorNote problem={error} onRetry={reload} />}
      {data === undefined ? error === undefined && <Empty title="Reading …" /> : <Report report={data} />}
    </Panel>
  );
}

function noteOf({ returns, intervalSeconds, horizonSeconds }: VarReport): string {
  const interval = formatDuration(intervalSeconds * 1000);
  return `Over ${formatDuration(horizonSeconds * 1000)}, from ${formatNumber(returns, { digits: 0 })} returns of ${interval} each. A loss is positive. ES: expected shortfall, the mean of the cases beyond the VaR.`;
}

function Report({ report: { currency, figures, components, stress } }: { readonly report: VarReport }) {
  const digits = moneyDigits(currency);
  const money = (value: number | null, sign = false): string => formatNumber(value, { digits, sign });
  const levels = [...new Set(figures.map(({ level }) => level))];
  const methods = [...new Set(figures.map(({ method }) => method))];
  const at = (method: string, level: number): Figure | undefined =>
    figures.find((figure) => figure.method === method && figure.level === level);
  const figureColumns: readonly Column<string>[] = [
    {
      key: 'method',
      header: `method, ${currency}`,
      render: (method) => <Explain text={methodWords(method).text}>{methodWords(method).label}</Explain>,
    },
    ...levels.flatMap((level): Column<string>[] => [
      {
        key: `var ${level}`,
        header: `VaR ${formatShare(level, 0)}`,
        title: `The loss that is not exceeded in ${formatShare(level, 0)} of the cases`,
        isNumber: true,
        render: (method) => money(at(method, level)?.valueAtRisk ?? null),
      },
      {
        key: `es ${level}`,
        header: `ES ${formatShare(level, 0)}`,
        title: 'Expected shortfall: the mean loss of the cases that are worse than that',
        isNumber: true,
        render: (method) => money(at(method, level)?.expectedShortfall ?? null),
      },
    ]),
  ];
  const componentColumns: readonly Column<Component>[] = [
    { key: 'instrument', header: 'instrument', render: ({ instrument }) => instrument },
    {
      key: 'exposure',
      header: `exposure, ${currency}`,
      isNumber: true,
      title: 'Value of what is held, with its sign',
      render: ({ exposure }) => money(exposure, true),
    },
    {
      key: 'component',
      header: `part of VaR, ${currency}`,
      isNumber: true,
      title: 'The components add up to the value at risk',
      render: ({ component }) => money(component, true),
    },
    {
      key: 'marginal',
      header: 'marginal',
      isNumber: true,
      title: `By how much the value at risk grows with one ${currency} more of it`,
      render: ({ marginal }) => formatNumber(marginal, { digits: 5, sign: true }),
    },
  ];
  const isKnown = figures.some(({ valueAtRisk }) => valueAtRisk !== null);
  return (
    <>
      {isKnown ? (
        <Table
          label="Value at risk by method and level"
          columns={figureColumns}
          rows={methods}
          keyOf={(method) => method}
          empty={null}
        />
      ) : (
        <Empty title="Not enough prices yet">It needs some minutes of returns before it says anything.</Empty>
      )}
      <h3 className="part-head">Exposures and their parts</h3>
      <Table
        label="Exposures and components"
        columns={componentColumns}
        rows={components}
        keyOf={({ instrument }) => instrument}
        empty={<p className="part-empty">Nothing is held.</p>}
      />
      <h3 className="part-head">Stress: what the positions of now would lose or win, {currency}</h3>
      <StressBars stress={stress} digits={digits} currency={currency} />
    </>
  );
}

/** Two backtests side by side, and what the second has more than the first. */
import { useApi } from '../../lib/api.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { type RunFigures, changedParams, compared } from './figures.ts';

export function Compare({ first, second }: { readonly first: string; readonly second: string }) {
  const a = useApi<RunFigures>(`/backtests/${first}/result`);
  const b = useApi<RunFigures>(`/backtests/${second}/result`);
  const problem = a.error ?? b.error;
  if (problem !== undefined)
    return <ErrorNote problem={problem} onRetry={a.error === undefined ? b.reload : a.reload} />;
  if (a.data === undefined || b.data === undefined) return null;
  const names = [`A: ${a.data.strategy.name}`, `B: ${b.data.strategy.name}`] as const;
  const params = changedParams(a.data, b.data);
  const isSame = a.data.hashes.outputs === b.data.hashes.outputs;
  return (
    <Panel
      title="Side by side"
      className="backtests-compare"
      note={
        isSame
          ? 'Both sent exactly the same orders.'
          : 'The same market for both tells strategies apart; one market alone does not tell which is better.'
      }
    >
      <div className="backtests-pair">
        <Table
          label="Figures of both"
          rows={compared(a.data, b.data)}
          keyOf={({ label }) => label}
          empty={null}
          columns={[
            {
              key: 'label',
              header: 'Figure',
              render: ({ label, unit }) => (unit === '' ? label : `${label}, ${unit}`),
            },
            { key: 'first', header: names[0], isNumber: true, render: (each) => each.first },
            { key: 'second', header: names[1], isNumber: true, render: (each) => each.second },
            { key: 'difference', header: 'B − A', isNumber: true, render: ({ difference }) => difference },
          ]}
        />
        <Table
          label="Parameters that differ"
          rows={params}
          keyOf={({ name }) => name}
          empty={<p className="backtests-same">No parameter differs.</p>}
          columns={[
            { key: 'name', header: 'Parameter', render: ({ name }) => name },
            { key: 'first', header: names[0], isNumber: true, render: (each) => each.first },
            { key: 'second', header: names[1], isNumber: true, render: (each) => each.second },
          ]}
        />
      </div>
    </Panel>
  );
}

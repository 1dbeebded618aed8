/** The backtests of this home, newest first: progress, main figures, report, cancel or delete. */
import type { BacktestInfo } from 'quotewright/server/protocol/research';
import { useState } from 'react';
import type { CatalogueStrategy } from './catalogue.ts';
import { type Problem, act, toProblem } from '../../lib/api.ts';
import { formatDateTime, formatNumber, formatShare } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { Table } from '../../ui/table.tsx';

interface BacktestTableProps {
  readonly backtests: readonly BacktestInfo[];
  readonly chosen: readonly string[];
  readonly isRead: boolean;
  readonly strategies: readonly CatalogueStrategy[];
  readonly onChoose: (id: string) => void;
  readonly onChanged: () => void;
}

export function BacktestTable({ backtests, chosen, isRead, strategies, onChoose, onChanged }: BacktestTableProps) {
  const [problem, setProblem] = useState<Problem>();
  const [deleted, setDeleted] = useState<string>();
  const cancel = async (id: string): Promise<void> => {
    try {
      await act('POST', `/backtests/${id}/cancel`);
      setProblem(undefined);
    } catch (error) {
      setProblem(toProblem(error));
    }
    onChanged();
  };
  if (!isRead) return null;
  return (
    <>
      {problem !== undefined && <ErrorNote problem={problem} />}
      <Table
        label="Backtests"
        rows={backtests}
        keyOf={({ id }) => id}
        empty={
          <Empty title="No backtest yet">Start one above: this session's own journal is a recording already.</Empty>
        }
        columns={[
          {
            key: 'choose',
            header: <span className="unseen">Compare</span>,
            render: ({ id, state, strategy }) => (
              <input
                type="checkbox"
                aria-label={`Compare ${strategy} ${id}`}
                disabled={state !== 'done'}
                checked={chosen.includes(id)}
                onChange={() => onChoose(id)}
              />
            ),
          },
          { key: 'strategy', header: 'Strategy', render: (each) => <Named backtest={each} strategies={strategies} /> },
          { key: 'source', header: 'On', render: ({ source }) => `${source.kind} ${source.id}` },
          { key: 'state', header: 'State', render: (each) => <State backtest={each} /> },
          {
            key: 'pnl',
            header: 'Net P&L',
            isNumber: true,
            title: 'In the settlement currency of the first instrument',
            render: ({ netPnl }) => formatNumber(netPnl, { sign: true }),
          },
          { key: 'sharpe', header: 'Sharpe', isNumber: true, render: ({ sharpe }) => formatNumber(sharpe) },
          {
            key: 'drawdown',
            header: 'Drawdown',
            isNumber: true,
            render: ({ maxDrawdown }) => formatShare(maxDrawdown, 4),
          },
          { key: 'fills', header: 'Fills', isNumber: true, render: ({ fills }) => formatNumber(fills, { digits: 0 }) },
          {
            key: 'created',
            header: 'Started (UTC)',
            isNumber: true,
            render: ({ createdMs }) => formatDateTime(createdMs),
          },
          {
            key: 'act',
            header: <span className="unseen">Actions</span>,
            render: ({ id, state, hasReport }) => (
              <span className="backtests-acts">
                {hasReport && (
                  <a
                    className="button button-plain button-small"
                    href={`/api/v1/reports/${id}/report.html`}
                    target="_blank"
                    rel="noreferrer"
                  >
                    Report<span className="unseen"> of {id} (new tab)</span>
                  </a>
                )}
                {state === 'running' || state === 'waiting' ? (
                  <Button isSmall onClick={() => void cancel(id)}>
                    Cancel
                  </Button>
                ) : (
                  <Button isSmall kind="quiet" onClick={() => setDeleted(id)}>
                    Delete<span className="unseen"> {id}</span>
                  </Button>
                )}
              </span>
            ),
          },
        ]}
      />
      <ConfirmDialog
        open={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title="Delete this backtest?"
        confirm="Delete"
        isDanger
        onConfirm={async () => {
          await act('DELETE', `/backtests/${deleted}`);
          onChanged();
        }}
      >
        Its result and its report are removed from the disk.
      </ConfirmDialog>
    </>
  );
}

/** The strategy with the parameters that are not its defaults. */
function Named({
  backtest: { strategy, params },
  strategies,
}: {
  readonly backtest: BacktestInfo;
  readonly strategies: readonly CatalogueStrategy[];
}) {
  const specs = strategies.find(({ name }) => name === strategy)?.parameters ?? [];
  const said = Object.entries(params)
    .filter(([name, value]) => specs.find((spec) => spec.name === name)?.default !== value)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
  return (
    <>
      {strategy}
      {said !== '' && <span className="backtests-params"> {said}</span>}
    </>
  );
}

function State({ backtest: { state, progress, failure } }: { readonly backtest: BacktestInfo }) {
  if (state === 'running') {
    return (
      <span className="backtests-running">
        <progress max={1} {...(progress === null ? {} : { value: progress })} aria-label="Progress" />
        <span className="number">{formatShare(progress, 0)}</span>
      </span>
    );
  }
  if (state === 'failed') return <span className="backtests-failed">failed: {failure}</span>;
  return <>{state}</>;
}

/** What the gate has refused so far, by reason. */
import type { RiskInfo } from 'quotewright/server/protocol/risk';
import { useApi } from '../../lib/api.ts';
import { formatNumber } from '../../lib/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Column, Table } from '../../ui/table.tsx';

const EVERY_MS = 5000;

type RefusalCount = RiskInfo['refusals'][number];

const COLUMNS: readonly Column<RefusalCount>[] = [
  { key: 'text', header: 'why', render: ({ text }) => text },
  { key: 'code', header: 'code', render: ({ code }) => <code>{code}</code> },
  { key: 'count', header: 'orders', isNumber: true, render: ({ count }) => formatNumber(count, { digits: 0 }) },
];

export function RefusalsPanel() {
  const { data, error, reload } = useApi<RiskInfo>('/risk', { everyMs: EVERY_MS });
  return (
    <Panel
      title="Refused orders"
      className="flush refusals"
      note="Orders and amendments that the gate did not let through, since the start."
    >
      {error !== undefined && <ErrorNote problem={error} onRetry={reload} />}
      <Table
        label="Refused orders by reason"
        columns={COLUMNS}
        rows={data?.refusals ?? []}
        keyOf={({ code }) => code}
        empty={<p className="part-empty">{data === undefined ? 'Reading …' : 'None so far.'}</p>}
      />
    </Panel>
  );
}

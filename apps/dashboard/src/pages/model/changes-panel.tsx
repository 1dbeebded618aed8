/** Changes of regime as the engine's alerts tell them: they reach back to before the page was opened. */
import type { AlertInfo } from 'quotewright/server/protocol/risk';
import type { AlertsData } from 'quotewright/server/protocol/stream';
import { formatDateTime } from '../../lib/format.ts';
import { useTopic } from '../../lib/stream.ts';
import { Panel } from '../../ui/panel.tsx';
import { alertWords } from '../risk/alerts.ts';
import { type Column, Table } from '../../ui/table.tsx';

const SHOWN = 50;

const COLUMNS: readonly Column<AlertInfo>[] = [
  {
    key: 'time',
    header: 'market time',
    render: ({ timeMs }) => <span className="mono">{formatDateTime(timeMs)}</span>,
  },
  { key: 'instrument', header: 'instrument', render: ({ instrument }) => instrument ?? 'all' },
  { key: 'detail', header: 'what changed', render: (alert) => alertWords(alert).toLowerCase() },
];

export function ChangesPanel() {
  const { data } = useTopic<AlertsData>('alerts');
  const changes = (data?.items ?? []).filter(({ type }) => type === 'REGIME_CHANGE').toReversed();
  // Hidden, not empty.
  if (changes.length === 0) return null;
  return (
    <Panel
      title="Changes of regime"
      className="flush"
      note="The engine’s own alerts; how often they come is limited, so short changes may be missing."
    >
      <Table
        label="Changes of regime, newest first"
        columns={COLUMNS}
        rows={changes.slice(0, SHOWN)}
        keyOf={({ key }) => key}
        empty={null}
      />
    </Panel>
  );
}

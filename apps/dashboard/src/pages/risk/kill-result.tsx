/** What came of the kill switch: how many orders were open, and which of them nobody has confirmed to be gone. */
import type { KillOutcome, OpenOrder } from 'quotewright/server/protocol/risk';
import { type Column, Table } from '../../ui/table.tsx';

const COLUMNS: readonly Column<OpenOrder>[] = [
  { key: 'order', header: 'order', isNumber: true, render: ({ order }) => order },
  { key: 'instrument', header: 'instrument', render: ({ instrument }) => instrument },
  { key: 'side', header: 'side', render: ({ side }) => <span className={side}>{side}</span> },
  { key: 'price', header: 'price', isNumber: true, render: ({ price }) => price },
  { key: 'size', header: 'open size', isNumber: true, render: ({ size }) => size },
  {
    key: 'state',
    header: 'state',
    render: ({ state, reason }) => (reason === null ? state : `${state}: ${reason}`),
  },
];

export function KillResult({ outcome: { orders, unconfirmed } }: { readonly outcome: KillOutcome }) {
  const isSettled = unconfirmed.length === 0;
  const open =
    orders === 0 ? 'No order was open.' : orders === 1 ? 'One order was open.' : `${orders} orders were open.`;
  return (
    <div className={`kill-result ${isSettled ? 'kill-settled' : 'kill-unsettled'}`} role="alert">
      <p className="kill-verdict">
        <span aria-hidden="true">{isSettled ? '✓' : '!'}</span> Trading is halted.
      </p>
      <p>
        {open}{' '}
        {orders > 0 &&
          (isSettled
            ? 'Every one is confirmed to be gone.'
            : `${unconfirmed.length} of them are not confirmed to be gone: look at the venue itself. They are asked for again each second.`)}
      </p>
      {!isSettled && (
        <Table
          label="Orders that are not confirmed to be gone"
          columns={COLUMNS}
          rows={unconfirmed}
          keyOf={({ order }) => order}
          empty={null}
        />
      )}
    </div>
  );
}

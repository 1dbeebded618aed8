/** Circuit breakers: the state of each, when it may close, what opened it by which numbers; to trip and to reset. */
import { useState } from 'react';
import type { BreakerInfo, BreakerReport, CommandAnswer, TripInfo } from 'quotewright/server/protocol/risk';
import { act, useApi } from '../../lib/api.ts';
import { formatNumber, formatTime } from '../../lib/format.ts';
import { useMarketClock } from '../../shell/clock.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Explain } from '../performance/explain.tsx';
import { shownUnit } from '../performance/units.ts';
import { BREAKER_WORDS, newestFirst, secondsLeft, triggerWords } from './breakers.ts';

const EVERY_MS = 3000;
const SIGNS = { CLOSED: '●', HALF_OPEN: '◐', OPEN: '○' } as const;
const KINDS = { CLOSED: 'good', HALF_OPEN: 'warn', OPEN: 'bad' } as const;

interface Asked {
  readonly verb: 'trip' | 'reset';
  readonly instrument: string;
}

interface BreakersPanelProps {
  readonly breakers: readonly BreakerInfo[];
  readonly currency: string;
}

export function BreakersPanel({ breakers, currency }: BreakersPanelProps) {
  const [asked, setAsked] = useState<Asked>();
  const { data, error, reload } = useApi<BreakerReport>('/risk/breaker', { everyMs: EVERY_MS });
  const columns: readonly Column<BreakerInfo>[] = [
    {
      key: 'instrument',
      header: 'breaker of',
      render: ({ instrument }) => (instrument === 'all' ? 'all together' : instrument),
    },
    {
      key: 'state',
      header: 'state',
      render: ({ state }) => (
        <span className={`chip chip-${KINDS[state]}`}>
          <span aria-hidden="true">{SIGNS[state]}</span>
          <Explain text={BREAKER_WORDS[state].text}>{BREAKER_WORDS[state].label}</Explain>
        </span>
      ),
    },
    { key: 'left', header: 'may close in', isNumber: true, render: (breaker) => <Countdown breaker={breaker} /> },
    { key: 'trips', header: 'trips', isNumber: true, render: ({ trips }) => formatNumber(trips, { digits: 0 }) },
    {
      key: 'act',
      header: <span className="unseen">Act</span>,
      render: ({ instrument, state }) => (
        <span className="breaker-acts">
          <Button isSmall disabled={state === 'OPEN'} onClick={() => setAsked({ verb: 'trip', instrument })}>
            Trip
          </Button>
          <Button isSmall disabled={state === 'CLOSED'} onClick={() => setAsked({ verb: 'reset', instrument })}>
            Reset
          </Button>
        </span>
      ),
    },
  ];
  const of = asked?.instrument === 'all' ? 'all instruments together' : asked?.instrument;
  return (
    <Panel title="Circuit breakers" className="flush breakers">
      <Table
        label="State of each circuit breaker"
        columns={columns}
        rows={breakers}
        keyOf={({ instrument }) => instrument}
        empty={<Empty title="No circuit breakers">This session was started with risk off.</Empty>}
      />
      <h3 className="part-head">What opened them</h3>
      {error !== undefined && <ErrorNote problem={error} onRetry={reload} />}
      <Table
        label="Trips, newest first"
        columns={tripColumns(currency)}
        rows={newestFirst(data?.history ?? [])}
        keyOf={({ timeMs, instrument, trigger }) => `${timeMs} ${instrument} ${trigger}`}
        empty={
          <p className="part-empty">
            {data === undefined ? 'Reading …' : 'Nothing has opened a breaker in this session.'}
          </p>
        }
      />
      {asked !== undefined && (
        <ConfirmDialog
          open
          onClose={() => setAsked(undefined)}
          title={asked.verb === 'trip' ? `Open the breaker of ${of}?` : `Close the breaker of ${of}?`}
          confirm={asked.verb === 'trip' ? 'Trip it' : 'Reset it'}
          isDanger={asked.verb === 'trip'}
          onConfirm={async () => {
            const body = asked.instrument === 'all' ? {} : { instrument: asked.instrument };
            await act<CommandAnswer>('POST', `/risk/breaker/${asked.verb}`, body);
            reload();
          }}
        >
          {asked.verb === 'trip'
            ? 'Quotes are cancelled, and only what reduces a position is sent, until an operator resets it.'
            : 'Quotes stand again at once, whatever the measures say. Needs the role admin.'}
        </ConfirmDialog>
      )}
    </Panel>
  );
}

/** Of its own, so that only it is drawn four times a second. */
function Countdown({ breaker }: { readonly breaker: BreakerInfo }) {
  const nowMs = useMarketClock();
  if (breaker.state === 'CLOSED') return <>–</>;
  const seconds = nowMs === null ? undefined : secondsLeft(breaker, nowMs);
  if (seconds === undefined) return <>when reset</>;
  return <>{seconds === 0 ? 'when calm' : formatNumber(seconds, { digits: 0, unit: 's' })}</>;
}

function tripColumns(currency: string): Column<TripInfo>[] {
  const amount = (trigger: string, value: number | null): string => {
    const { scale, digits, unit } = shownUnit(triggerWords(trigger).unit, currency);
    return formatNumber(value === null ? null : value * scale, { digits, unit });
  };
  return [
    { key: 'time', header: 'time', isNumber: true, render: ({ timeMs }) => formatTime(timeMs) },
    {
      key: 'instrument',
      header: 'breaker of',
      render: ({ instrument }) => (instrument === 'all' ? 'all together' : instrument),
    },
    { key: 'trigger', header: 'because', render: ({ trigger }) => triggerWords(trigger).label },
    { key: 'value', header: 'measured', isNumber: true, render: ({ trigger, value }) => amount(trigger, value) },
    {
      key: 'threshold',
      header: 'threshold',
      isNumber: true,
      render: ({ trigger, threshold }) => amount(trigger, threshold),
    },
    { key: 'from', header: 'it was', render: ({ from }) => BREAKER_WORDS[from].label.toLowerCase() },
  ];
}

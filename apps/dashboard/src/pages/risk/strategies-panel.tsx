/** Strategies: what each is doing, to start, pause and stop it, and its parameters. */
import { useState } from 'react';
import type { CommandAnswer } from 'quotewright/server/protocol/risk';
import type { SessionInfo } from 'quotewright/server/protocol/session';
import type { StrategyDetail } from 'quotewright/server/protocol/trading';
import { act, useApi } from '../../lib/api.ts';
import { formatNumber } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { counted } from '../performance/counted.ts';
import { AnswerNote } from './answer-note.tsx';
import { ParametersForm } from './parameters-form.tsx';
import { useAction } from './use-action.ts';

const EVERY_MS = 2000;

const STATES = {
  running: { sign: '▶', kind: 'good', text: 'it quotes' },
  paused: { sign: '‖', kind: 'warn', text: 'it sees the market and quotes nothing' },
  stopped: { sign: '■', kind: 'bad', text: 'it sees nothing, its orders are cancelled' },
} as const;

export function StrategiesPanel({ session }: { readonly session: SessionInfo }) {
  const { data, error, reload } = useApi<StrategyDetail[]>('/strategies', { everyMs: EVERY_MS });
  return (
    <Panel title="Strategies" className="strategies">
      {error !== undefined && <ErrorNote problem={error} onRetry={reload} />}
      {data?.length === 0 && <Empty title="No strategy runs in this session" />}
      {data?.map((strategy) => (
        <StrategyCard
          key={strategy.index}
          // The greeting knows of a change before the next answer does.
          strategy={{ ...strategy, state: session.strategies[strategy.index]?.state ?? strategy.state }}
          onChanged={reload}
        />
      ))}
    </Panel>
  );
}

interface StrategyCardProps {
  readonly strategy: StrategyDetail;
  readonly onChanged: () => void;
}

type Verb = 'start' | 'pause' | 'stop';

function StrategyCard({ strategy, onChanged }: StrategyCardProps) {
  const [isStopping, setIsStopping] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const action = useAction();
  const { index, name, state, description, fills, openOrders, parameters, metrics } = strategy;
  const { sign, kind, text } = STATES[state];
  const send = (verb: Verb): Promise<CommandAnswer> => act<CommandAnswer>('POST', `/strategies/${index}/${verb}`);
  const press = (verb: Verb): void => void action.run(verb, () => send(verb)).then(onChanged);
  return (
    <article className="strategy">
      <header className="strategy-head">
        <h3>
          <span className="mono muted">{index}</span> {name}
        </h3>
        <span className={`chip chip-${kind}`} title={text}>
          <span aria-hidden="true">{sign}</span> {state}
        </span>
        <span className="strategy-acts">
          <Button isSmall disabled={state === 'running' || action.busy !== undefined} onClick={() => press('start')}>
            Start
          </Button>
          <Button isSmall disabled={state !== 'running' || action.busy !== undefined} onClick={() => press('pause')}>
            Pause
          </Button>
          <Button
            isSmall
            disabled={state === 'stopped' || action.busy !== undefined}
            onClick={() => setIsStopping(true)}
          >
            Stop
          </Button>
        </span>
      </header>
      <p className="strategy-text">{description}</p>
      <p className="strategy-facts">
        {counted(openOrders, 'open order')} · {counted(fills, 'fill')}
      </p>
      <AnswerNote action={action} />
      {Object.keys(metrics).length > 0 && <Metrics metrics={metrics} />}
      {parameters.length > 0 && (
        <details
          className="strategy-parameters"
          open={isOpen}
          onToggle={(event) => setIsOpen(event.currentTarget.open)}
        >
          <summary>
            {parameters.length} parameters
            <Changed parameters={parameters} />
          </summary>
          {isOpen && <ParametersForm strategy={index} specs={parameters} onChanged={onChanged} />}
        </details>
      )}
      {isStopping && (
        <ConfirmDialog
          open
          onClose={() => setIsStopping(false)}
          title={`Stop ${name}?`}
          confirm="Stop it"
          isDanger
          onConfirm={async () => {
            await send('stop');
            onChanged();
          }}
        >
          Its orders are cancelled and it no longer sees the market. What it holds stays open.
        </ConfirmDialog>
      )}
    </article>
  );
}

/** What the strategy says of itself. */
function Metrics({ metrics }: { readonly metrics: StrategyDetail['metrics'] }) {
  return (
    <dl className="strategy-metrics">
      {Object.entries(metrics).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{formatNumber(value, { digits: 4 })}</dd>
        </div>
      ))}
    </dl>
  );
}

function Changed({ parameters }: Pick<StrategyDetail, 'parameters'>) {
  const changed = parameters.filter((each) => each.value !== each.default).length;
  return <span className="muted">{changed === 0 ? ', all at their defaults' : `, ${changed} not at its default`}</span>;
}

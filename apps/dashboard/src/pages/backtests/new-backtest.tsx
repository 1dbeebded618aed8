/** The form that starts a backtest: on what, which strategy, with which parameters. */
import type { BacktestInfo, Source, StoredRecording, StoredSession } from 'quotewright/server/protocol/research';
import type { ParameterSpec } from 'quotewright/server/protocol/trading';
import { type FormEvent, useState } from 'react';
import { type Problem, act, toProblem, useApi } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Option, Select } from '../../ui/select.tsx';
import type { CatalogueStrategy } from './catalogue.ts';

/** Between the kind and the name of a source in a choice's value; it is in no name. */
const PART = '/';

interface NewBacktestProps {
  readonly strategies: readonly CatalogueStrategy[];
  readonly onStarted: () => void;
}

export function NewBacktest({ strategies, onStarted }: NewBacktestProps) {
  const sessions = useApi<StoredSession[]>('/sessions', { everyMs: 30_000 });
  const recordings = useApi<StoredRecording[]>('/recordings', { everyMs: 30_000 });
  const [source, setSource] = useState<string>();
  const [name, setName] = useState<string>();
  const [params, setParams] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setIsBusy] = useState(false);

  const sources: Option[] = [
    ...(sessions.data ?? [])
      .filter(({ fault }) => fault === '')
      .map(({ id, isCurrent }) => ({
        value: `session${PART}${id}`,
        label: `session ${id}${isCurrent ? ' (this one)' : ''}`,
      })),
    ...(recordings.data ?? []).map(({ id }) => ({
      value: `recording${PART}${id}`,
      label: `recording ${id}`,
    })),
  ];
  const chosenSource = source ?? sources[0]?.value;
  const strategy = strategies.find((each) => each.name === name) ?? strategies[0];
  const error = sessions.error ?? recordings.error;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (chosenSource === undefined || strategy === undefined) return;
    setIsBusy(true);
    try {
      const changed = Object.fromEntries(Object.entries(params).filter(([, value]) => value.trim() !== ''));
      const asked = { source: sourceOf(chosenSource), strategy: strategy.name, params: changed };
      await act<BacktestInfo>('POST', '/backtests', asked);
      setProblem(undefined);
      onStarted();
    } catch (thrown) {
      setProblem(toProblem(thrown));
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <Panel title="New backtest" note={strategy?.description}>
      {error !== undefined && <ErrorNote problem={error} onRetry={sessions.reload} />}
      {sources.length === 0 && sessions.data !== undefined && recordings.data !== undefined ? (
        <Empty title="Nothing to backtest on">
          A session with a journal, or a recording in the home's folder, will be offered here.
        </Empty>
      ) : (
        <form className="backtests-form" onSubmit={(event) => void submit(event)}>
          <Select label="On" value={chosenSource ?? ''} options={sources} onChange={setSource} />
          <Select
            label="Strategy"
            value={strategy?.name ?? ''}
            options={strategies.map((each) => ({ value: each.name, label: each.name }))}
            onChange={(next) => {
              setName(next);
              setParams({});
            }}
          />
          {strategy !== undefined && (
            <details className="backtests-details">
              <summary>
                Parameters{' '}
                <span className="backtests-params">
                  {Object.values(params).filter((value) => value.trim() !== '').length} of {strategy.parameters.length}{' '}
                  changed
                </span>
              </summary>
              <div className="backtests-fields">
                {strategy.parameters.map((spec) => (
                  <Parameter
                    key={spec.name}
                    spec={spec}
                    value={params[spec.name] ?? ''}
                    onChange={(value) => setParams((was) => ({ ...was, [spec.name]: value }))}
                  />
                ))}
              </div>
            </details>
          )}
          <Button
            kind="primary"
            type="submit"
            disabled={isBusy || strategy === undefined || chosenSource === undefined}
          >
            {isBusy ? 'Starting …' : 'Start'}
          </Button>
        </form>
      )}
      {problem !== undefined && <ErrorNote problem={problem} />}
    </Panel>
  );
}

interface ParameterProps {
  readonly spec: ParameterSpec;
  /** Empty: the default. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Parameter({ spec, value, onChange }: ParameterProps) {
  const { name, type, min, max, unit, choices, description } = spec;
  const id = `backtest-${name}`;
  const fallback = String(spec.default);
  const listed = type === 'boolean' ? ['true', 'false'] : type === 'choice' ? (choices ?? []) : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>
        {name}
        {unit !== undefined && <span className="backtests-params"> {unit}</span>}
      </label>
      {listed === undefined ? (
        <input
          id={id}
          className="input"
          value={value}
          placeholder={fallback}
          inputMode={type === 'text' ? 'text' : 'decimal'}
          autoComplete="off"
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <select
          id={id}
          className="select"
          value={value}
          aria-describedby={`${id}-help`}
          onChange={(event) => onChange(event.target.value)}
        >
          <option value="">{fallback} (default)</option>
          {listed.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      )}
      <span id={`${id}-help`} className="field-help">
        {description}
        {(min !== undefined || max !== undefined) && ` From ${min ?? '−∞'} to ${max ?? '∞'}.`}
      </span>
    </div>
  );
}

function sourceOf(value: string): Source {
  const at = value.indexOf(PART);
  return { kind: value.slice(0, at) === 'session' ? 'session' : 'recording', id: value.slice(at + 1) };
}

/** A strategy's parameters by their schema: ranges, defaults to go back to; only what was changed is sent. */
import { type FormEvent, useId, useState } from 'react';
import type { CommandAnswer } from 'quotewright/server/protocol/risk';
import type { ParameterSpec } from 'quotewright/server/protocol/trading';
import { act, type Problem } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { AnswerNote } from './answer-note.tsx';
import { accusedParameter, changesOf, type Edits, fieldText, rangeText, unitText } from './parameters.ts';
import { useAction } from './use-action.ts';

interface ParametersFormProps {
  readonly strategy: number;
  readonly specs: readonly ParameterSpec[];
  readonly onChanged: () => void;
}

export function ParametersForm({ strategy, specs, onChanged }: ParametersFormProps) {
  const [edits, setEdits] = useState<Edits>({});
  const action = useAction();
  const { changes, problems } = changesOf(specs, edits);
  const count = Object.keys(changes).length;
  const isWrong = Object.keys(problems).length > 0;
  const accused = accusedIn(action.problem, specs);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (count === 0 || isWrong) return;
    const path = `/strategies/${strategy}/parameters`;
    const isDone = await action.run('parameters', () => act<CommandAnswer>('PUT', path, { parameters: changes }));
    if (!isDone) return;
    setEdits({});
    onChanged();
  };
  return (
    <form className="parameters" onSubmit={(event) => void submit(event)} noValidate>
      <div className="parameter-list">
        {specs.map((spec) => (
          <ParameterField
            key={spec.name}
            spec={spec}
            unit={unitText(spec, specs, edits)}
            text={fieldText(spec, edits)}
            isChanged={Object.hasOwn(changes, spec.name)}
            problem={problems[spec.name] ?? (accused === spec.name ? action.problem?.detail : undefined)}
            onChange={(text) => setEdits((all) => ({ ...all, [spec.name]: text }))}
          />
        ))}
      </div>
      <AnswerNote action={accused === undefined ? action : { answer: action.answer, problem: undefined }} />
      <div className="parameters-foot">
        <span className="muted">
          {isWrong
            ? 'One of the fields does not fit.'
            : count === 0
              ? 'Nothing is changed.'
              : `${count} changed: ${Object.keys(changes).join(', ')}`}
        </span>
        <Button disabled={Object.keys(edits).length === 0} onClick={() => setEdits({})}>
          Undo
        </Button>
        <Button kind="primary" type="submit" disabled={count === 0 || isWrong || action.busy !== undefined}>
          {action.busy === undefined ? 'Set' : 'Setting …'}
        </Button>
      </div>
    </form>
  );
}

function accusedIn(problem: Problem | undefined, specs: readonly ParameterSpec[]): string | undefined {
  return problem === undefined ? undefined : accusedParameter(problem.detail, specs);
}

interface ParameterFieldProps {
  readonly spec: ParameterSpec;
  readonly unit: string;
  readonly text: string;
  readonly isChanged: boolean;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
}

function ParameterField({ spec, unit, text, isChanged, problem, onChange }: ParameterFieldProps) {
  const id = useId();
  const { name, description } = spec;
  const isDefault = text === String(spec.default);
  const common = {
    id,
    'aria-describedby': `${id}-help`,
    'aria-invalid': problem !== undefined,
  };
  return (
    <div className={`parameter ${isChanged ? 'parameter-changed' : ''}`}>
      <label className="parameter-name mono" htmlFor={id}>
        {name}
      </label>
      <Control spec={spec} text={text} onChange={onChange} common={common} />
      <span className="muted parameter-unit">{unit}</span>
      <p id={`${id}-help`} className={problem === undefined ? 'field-help' : 'field-help bad'}>
        {problem ?? description}
        {problem === undefined && rangeText(spec) !== '' && (
          <span className="parameter-range"> · {rangeText(spec)}</span>
        )}
      </p>
      {!isDefault && (
        <Button
          kind="quiet"
          isSmall
          aria-label={`${name} back to its default, ${spec.default}`}
          onClick={() => onChange(String(spec.default))}
        >
          default {String(spec.default)}
        </Button>
      )}
    </div>
  );
}

interface ControlProps extends Pick<ParameterFieldProps, 'spec' | 'text' | 'onChange'> {
  readonly common: { readonly id: string; readonly 'aria-describedby': string; readonly 'aria-invalid': boolean };
}

function Control({ spec, text, onChange, common }: ControlProps) {
  const options = spec.type === 'boolean' ? ['true', 'false'] : spec.type === 'choice' ? spec.choices : undefined;
  if (options !== undefined) {
    return (
      <select {...common} className="select" value={text} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {spec.type === 'boolean' ? (option === 'true' ? 'yes' : 'no') : option}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...common}
      className="input mono"
      {...(spec.type === 'text' ? {} : { inputMode: 'decimal' as const })}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

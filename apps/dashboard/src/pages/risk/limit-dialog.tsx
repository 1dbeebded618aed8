/** Sets another value for one limit: says what it is now, takes a number or nothing, and shows what the session answers. */
import { type FormEvent, useId, useState } from 'react';
import type { CommandAnswer, LimitUse } from 'quotewright/server/protocol/risk';
import { act } from '../../lib/api.ts';
import { formatNumber } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/notes.tsx';
import { limitLabel, parseLimit } from './limits.ts';
import { useAction } from './use-action.ts';

interface LimitDialogProps {
  readonly limit: LimitUse;
  readonly unit: string;
  /** In words. */
  readonly scope: string;
  readonly onClose: () => void;
}

const write = (value: number | null, unit: string): string =>
  value === null ? 'no limit' : formatNumber(value, { digits: decimals(value), unit });

/** As many as the number has. */
const decimals = (value: number): number => Math.min(8, /\.(\d+)$/u.exec(String(value))?.[1]?.length ?? 0);

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

export function LimitDialog({ limit, unit, scope, onClose }: LimitDialogProps) {
  const [text, setText] = useState(limit.value === null ? '' : String(limit.value));
  const { busy, problem, run } = useAction();
  const id = useId();
  const parsed = parseLimit(text);
  const isSame = 'value' in parsed && parsed.value === limit.value;
  const isBlow =
    'value' in parsed && parsed.value !== null && limit.used !== null && parsed.value < Math.abs(limit.used);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ('problem' in parsed || isSame) return;
    const path = `/risk/limits/${encodeURIComponent(limit.limit)}`;
    const body = { scope: limit.scope, value: parsed.value };
    if (await run('limit', () => act<CommandAnswer>('PUT', path, body))) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${limitLabel(limit.limit)}, ${scope}`}
      description={
        <>
          <p>{sentence(limit.description)}</p>
          <p>
            Now: {write(limit.value, unit)}
            {limit.isDefault ? ', the default' : ''}
            {limit.used !== null && `; in use: ${formatNumber(limit.used, { digits: 4, unit })}`}. It changes at once,
            and is written to the audit log. Needs the role admin.
          </p>
        </>
      }
    >
      <form className="dialog-form" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor={id}>
            <code>{limit.limit}</code>, {unit}
          </label>
          <input
            id={id}
            className="input mono"
            inputMode="decimal"
            autoComplete="off"
            value={text}
            placeholder="no limit"
            aria-invalid={'problem' in parsed}
            aria-describedby={`${id}-help`}
            onChange={(event) => setText(event.target.value)}
          />
          <p id={`${id}-help`} className={'problem' in parsed ? 'field-help bad' : 'field-help'}>
            {'problem' in parsed
              ? parsed.problem
              : parsed.value === null
                ? 'Empty: no limit at all.'
                : isBlow
                  ? 'Below what is in use now: only what reduces it will be let through.'
                  : 'Empty means no limit; 0 is a limit of zero.'}
          </p>
        </div>
        {problem !== undefined && <ErrorNote problem={problem} />}
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={busy !== undefined || 'problem' in parsed || isSame}>
            {busy !== undefined
              ? 'Setting …'
              : 'value' in parsed
                ? isSame
                  ? 'Unchanged'
                  : `Set to ${write(parsed.value, unit)}`
                : 'Set'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

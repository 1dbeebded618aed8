/**
 * The kill switch: halts trading and cancels every order everywhere. Guarded against slips by time (hold the button) or by a word (type
 * KILL, Enter); the token is asked for before, not after, so that nothing stands in the way when it matters.
 */
import { type FormEvent, useCallback, useEffect, useId, useState } from 'react';
import type { KillOutcome } from 'quotewright/server/protocol/risk';
import { act, type Problem, toProblem } from '../../lib/api.ts';
import { askToken, heldToken } from '../../lib/token.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/notes.tsx';
import { KillResult } from './kill-result.tsx';
import './risk.css';
import { useHold } from './use-hold.ts';

const WORD = 'KILL';

interface KillDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

export default function KillDialog({ open, onClose }: KillDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      kind="danger"
      title="Kill switch"
      description="Halts all trading and asks every venue to cancel every order. Positions stay as they are. Trading goes on only when an operator says so."
    >
      {open && <Switch onClose={onClose} />}
    </Dialog>
  );
}

function Switch({ onClose }: { readonly onClose: () => void }) {
  const [hasToken, setHasToken] = useState(() => heldToken() !== undefined);
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<KillOutcome>();
  const [problem, setProblem] = useState<Problem>();

  const enterToken = useCallback(async () => {
    setHasToken((await askToken('The kill switch needs a token of the role trade or admin.')) !== undefined);
  }, []);
  useEffect(() => {
    if (heldToken() === undefined) void enterToken();
  }, [enterToken]);

  const kill = async (): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      setOutcome(await act<KillOutcome>('POST', '/kill'));
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setIsBusy(false);
      setHasToken(heldToken() !== undefined);
    }
  };

  return (
    <div className="kill">
      {outcome !== undefined && <KillResult outcome={outcome} />}
      {problem !== undefined && (
        <>
          <ErrorNote problem={problem} />
          <p>
            Whether trading was halted is not known here. <code>quotewright kill DIR</code>, the file <code>KILL</code>{' '}
            in the session’s folder and the signal SIGUSR2 do the same without this page.
          </p>
        </>
      )}
      {isBusy && (
        <p className="kill-busy" role="status">
          Trading is being halted. Waiting until the venues have confirmed every cancellation …
        </p>
      )}
      {outcome === undefined &&
        !isBusy &&
        (hasToken ? <Guards onKill={() => void kill()} /> : <NoToken onEnter={() => void enterToken()} />)}
      <div className="dialog-buttons">
        {/* What had the focus is gone with the guards. */}
        <Button key={outcome === undefined ? 'cancel' : 'close'} autoFocus={outcome !== undefined} onClick={onClose}>
          {outcome === undefined ? 'Cancel' : 'Close'}
        </Button>
      </div>
    </div>
  );
}

function NoToken({ onEnter }: { readonly onEnter: () => void }) {
  return (
    <div className="kill-token">
      <p>A token is needed first.</p>
      <Button kind="primary" onClick={onEnter}>
        Enter the token
      </Button>
    </div>
  );
}

function Guards({ onKill }: { readonly onKill: () => void }) {
  const [word, setWord] = useState('');
  const { isHeld, handlers } = useHold(onKill);
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (word.trim().toUpperCase() === WORD) onKill();
  };
  return (
    <>
      <button
        type="button"
        className={`kill-button ${isHeld ? 'kill-held' : ''}`}
        aria-describedby={`${id}-how`}
        {...handlers}
      >
        <span className="kill-progress" aria-hidden="true" />
        <span className="kill-word">{isHeld ? 'Keep holding …' : 'Halt and cancel everything'}</span>
      </button>
      <p id={`${id}-how`} className="kill-how">
        Hold it for a second and a half, with the pointer or with Space; or
      </p>
      <form className="field" onSubmit={submit}>
        <label htmlFor={id}>
          type <strong>{WORD}</strong> and press Enter
        </label>
        <input
          id={id}
          className="input mono"
          value={word}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the way by key must begin at once, and a word does no harm by slip
          autoFocus
          onChange={(event) => setWord(event.target.value)}
        />
      </form>
    </>
  );
}

/** Asks before something that cannot be taken back; `typed`: only after a word was typed, so that no slip does it. */
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { type Problem, toProblem } from '../lib/api.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './notes.tsx';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** The verb on the button. */
  readonly confirm: string;
  /** The word to type first. */
  readonly typed?: string;
  readonly isDanger?: boolean;
  /** Closes when it is done; what it throws is shown and the dialog stays. */
  readonly onConfirm: () => Promise<unknown> | void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onClose, title, children, confirm, typed, isDanger = false, onConfirm } = props;
  const [word, setWord] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const id = useId();

  useEffect(() => {
    if (open) return;
    setWord('');
    setProblem(undefined);
  }, [open]);

  const isReady = !isBusy && (typed === undefined || word.trim().toUpperCase() === typed.toUpperCase());
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isReady) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <Dialog open={open} onClose={onClose} title={title} description={children} kind={isDanger ? 'danger' : 'plain'}>
      <form className="dialog-form" onSubmit={(event) => void submit(event)}>
        {typed !== undefined && (
          <div className="field">
            <label htmlFor={id}>
              Type <strong>{typed}</strong> to go on
            </label>
            <input
              id={id}
              className="input"
              value={word}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setWord(event.target.value)}
            />
          </div>
        )}
        {problem !== undefined && <ErrorNote problem={problem} />}
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={isDanger ? 'danger' : 'primary'} type="submit" disabled={!isReady}>
            {isBusy ? 'Working …' : confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

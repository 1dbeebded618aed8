/** What came of the last thing done here; nothing before the first. */
import { ErrorNote } from '../../ui/notes.tsx';
import type { Action } from './use-action.ts';

export function AnswerNote({ action: { answer, problem } }: { readonly action: Pick<Action, 'answer' | 'problem'> }) {
  return (
    <div className="answer-note" role="status">
      {problem !== undefined && <ErrorNote problem={problem} />}
      {answer !== undefined && (
        <p>
          <span className="good" aria-hidden="true">
            ✓
          </span>{' '}
          {answer}
        </p>
      )}
    </div>
  );
}

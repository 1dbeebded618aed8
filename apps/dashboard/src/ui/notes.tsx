/** What stands where there is nothing to show, or something went wrong. */
import type { ReactNode } from 'react';
import type { Problem } from '../lib/api.ts';
import { Button } from './button.tsx';

interface EmptyProps {
  readonly title: ReactNode;
  /** What would make it fill. */
  readonly children?: ReactNode;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children !== undefined && <div className="empty-text">{children}</div>}
    </div>
  );
}

interface ErrorNoteProps {
  readonly problem: Problem;
  readonly onRetry?: () => void;
}

export function ErrorNote({ problem, onRetry }: ErrorNoteProps) {
  return (
    <div className="error-note" role="alert">
      <span className="sign" aria-hidden="true">
        !
      </span>
      <div>
        <p className="error-title">{problem.title}</p>
        <p className="error-detail">
          {problem.detail} <code>{problem.code}</code>
        </p>
      </div>
      {onRetry !== undefined && (
        <Button isSmall onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** The frame, and the page that the address names. */
import { Component, type ReactNode, Suspense, lazy, useCallback, useEffect, useRef, useState } from 'react';
import { Button } from './ui/button.tsx';
import type { Problem } from './lib/api.ts';
import { useSession } from './lib/stream.ts';
import { ConnectionBanner, Header } from './shell/header.tsx';
import { KeysDialog, useKeys } from './shell/keys.tsx';
import { LiveStrip, titleMark } from './shell/mode.tsx';
import { usePage } from './shell/pages.ts';
import { TokenDialog } from './shell/token-dialog.tsx';
import { ErrorNote } from './ui/notes.tsx';

const KillDialog = lazy(() => import('./pages/risk/kill-dialog.tsx'));

interface BoundaryState {
  readonly failure: unknown;
}

const CHANGED: Problem = {
  title: 'The dashboard is another version by now',
  detail: 'Load it again to go on.',
  status: 0,
  code: 'VERSION',
};

/** A page that breaks leaves the frame, with its kill switch, standing. */
class Boundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { failure: undefined };

  static getDerivedStateFromError(failure: unknown): BoundaryState {
    return { failure };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    const message = failure instanceof Error ? failure.message : 'What it threw is no error.';
    // The server was built anew: its parts have other names than those this page knows.
    if (/import.*module/iu.test(message)) return <ErrorNote problem={CHANGED} onRetry={() => location.reload()} />;
    const problem = { title: 'This page broke', detail: message, status: 0, code: 'PAGE' };
    return <ErrorNote problem={problem} onRetry={() => this.setState({ failure: undefined })} />;
  }
}

export function App() {
  const page = usePage();
  const mark = titleMark(useSession());
  const main = useRef<HTMLElement>(null);
  const [isKilling, setIsKilling] = useState(false);
  const [areKeysShown, setAreKeysShown] = useState(false);
  useKeys(useCallback(() => setAreKeysShown(true), []));

  useEffect(() => {
    document.title = `${mark}${page === undefined ? 'Quotewright' : `${page.title} · Quotewright`}`;
  }, [page, mark]);
  useEffect(() => {
    scrollTo(0, 0);
  }, [page]);

  return (
    <div className="shell">
      <Button className="skip" onClick={() => main.current?.focus()}>
        Skip to the page
      </Button>
      <Header page={page} onKill={() => setIsKilling(true)} onKeys={() => setAreKeysShown(true)} />
      <div>
        <LiveStrip />
        <ConnectionBanner />
      </div>
      <main ref={main} className="main" tabIndex={-1} aria-label={page?.title}>
        <Boundary key={page?.id}>
          <Suspense fallback={<p className="loading">Loading …</p>}>{page !== undefined && <page.Content />}</Suspense>
        </Boundary>
      </main>
      <KeysDialog open={areKeysShown} onClose={() => setAreKeysShown(false)} />
      {isKilling && (
        <Boundary>
          <Suspense>
            <KillDialog open onClose={() => setIsKilling(false)} />
          </Suspense>
        </Boundary>
      )}
      <TokenDialog />
    </div>
  );
}

/** What kind of session this is, so that nobody mistakes one for another: a word in the head, and a strip across the page when orders are real. */
import type { SessionInfo } from 'quotewright/server/protocol/session';
import { useSession } from '../lib/stream.ts';

type Kind = SessionInfo['mode'] | 'dry-run';

const WORDS: Readonly<Record<Kind, string>> = {
  simulation: 'Simulation',
  replay: 'Replay',
  paper: 'Paper',
  'dry-run': 'Dry run',
  live: 'LIVE',
};

const MEANINGS: Readonly<Record<Kind, string>> = {
  simulation: 'The market and its venue are simulated.',
  replay: 'A recording is played; fills are simulated.',
  paper: 'Live market data; fills are simulated, and nothing is sent.',
  'dry-run': 'Live venues and account; orders are counted and not sent.',
  live: 'Orders are sent to the venues.',
};

const kindOf = ({ mode, isDryRun }: Pick<SessionInfo, 'mode' | 'isDryRun'>): Kind =>
  mode === 'live' && isDryRun ? 'dry-run' : mode;

/** What the window's title begins with; empty where nothing is at stake. */
export const titleMark = (session: SessionInfo | undefined): string => {
  if (session === undefined) return '';
  const kind = kindOf(session);
  return kind === 'simulation' || kind === 'replay' ? '' : `${WORDS[kind]} · `;
};

export function ModeBadge() {
  const session = useSession();
  if (session === undefined) return null;
  const kind = kindOf(session);
  return (
    <span className={`mode mode-${kind}`} title={MEANINGS[kind]}>
      {WORDS[kind]}
    </span>
  );
}

/** Live sessions alone. */
export function LiveStrip() {
  const session = useSession();
  if (session === undefined || kindOf(session) !== 'live') return null;
  const venues = [...new Set(session.instruments.map(({ venue }) => venue))];
  return (
    <p className="live-strip">
      <strong>Live trading.</strong> Orders are sent to {venues.join(', ')}.
    </p>
  );
}

/** The top of every page: what session this is, whether it is heard, what state risk is in, and the way to stop it all. */
import { useEffect, useState } from 'react';
import type { RiskData } from 'quotewright/server/protocol/stream';
import { DASH, formatNumber, formatTime } from '../lib/format.ts';
import { useConnection, useSession, useTopic } from '../lib/stream.ts';
import { toggleTheme, useTheme } from '../lib/theme.ts';
import { Button } from '../ui/button.tsx';
import { useMarketClock } from './clock.ts';
import { Icon, Logo } from './icons.tsx';
import { ModeBadge } from './mode.tsx';
import { PAGES, type Page } from './pages.ts';

function Navigation({ page }: { readonly page: Page | undefined }) {
  return (
    <nav className="nav" aria-label="Pages">
      {PAGES.map((one) => (
        <a key={one.id} href={`#/${one.id}`} aria-current={one.id === page?.id ? 'page' : undefined}>
          <Icon name={one.id} />
          <span className="nav-long">{one.name}</span>
          <span className="nav-short">{one.short}</span>
        </a>
      ))}
    </nav>
  );
}

function speedText(speed: number | null): string {
  return speed === null ? 'max' : `${formatNumber(speed, { digits: Number.isInteger(speed) ? 0 : 1 })}×`;
}

/** A clock of its own, so that nothing else is drawn again at every second. */
function MarketClock() {
  const timeMs = useMarketClock();
  return <>{formatTime(timeMs)}</>;
}

function SessionFacts() {
  const session = useSession();
  // With venues, time is that of the clock on the wall.
  const isPaced = session?.mode === 'simulation' || session?.mode === 'replay';
  return (
    <div className="fact" title={isPaced ? 'Speed and time of the market' : 'Time of the session, UTC'}>
      <span className="fact-label">{isPaced ? `speed ${speedText(session.speed)}` : 'UTC'}</span>
      <span className="fact-value mono">
        <MarketClock />
      </span>
    </div>
  );
}

const WORDS = { connecting: 'Connecting', live: 'Connected', lost: 'Lost', over: 'Session over' };

/** Wall time as the reader's own clock shows it. */
const wallClock = (ms: number): string => new Date(ms).toLocaleTimeString('en-GB');

function ConnectionState() {
  const { state, latencyMs, sinceMs } = useConnection();
  const word = state === 'lost' ? `Lost since ${wallClock(sinceMs)}` : WORDS[state];
  return (
    <div className={`connection connection-${state}`} title={`Connection to the session: ${word.toLowerCase()}`}>
      <span className={`dot dot-${state}`} aria-hidden="true" />
      <span className="connection-word">{word}</span>
      {state === 'live' && (
        <span className="connection-latency" title="Round trip to the server">
          {latencyMs === undefined ? DASH : formatNumber(latencyMs, { digits: 0, unit: 'ms' })}
        </span>
      )}
      {/* Changes of state are said aloud; latencies are not. */}
      <span className="unseen" role="status" aria-live="polite">
        Connection: {word}
      </span>
    </div>
  );
}

const RISK_KIND = { ACTIVE: 'good', REDUCING: 'warn', HALTED: 'bad' } as const;
const RISK_SIGN = { ACTIVE: '●', REDUCING: '▼', HALTED: '■' } as const;

function RiskState() {
  const risk = useTopic<RiskData>('risk').data;
  if (risk === undefined) return <span className="chip">risk {DASH}</span>;
  return (
    <span className={`chip chip-${RISK_KIND[risk.state]}`} title="Risk state">
      <span aria-hidden="true">{RISK_SIGN[risk.state]}</span>
      {risk.state}
    </span>
  );
}

interface HeaderProps {
  readonly page: Page | undefined;
  readonly onKill: () => void;
  readonly onKeys: () => void;
}

export function Header({ page, onKill, onKeys }: HeaderProps) {
  const theme = useTheme();
  return (
    <header className="header">
      <a className="brand" href="#/market" aria-label="Quotewright">
        <Logo />
        <span className="brand-name">Quotewright</span>
      </a>
      <Navigation page={page} />
      <div className="header-space" />
      <div className="header-facts">
        <ModeBadge />
        <SessionFacts />
        <ConnectionState />
      </div>
      <div className="risk-state">
        <RiskState />
        <Button kind="danger" isSmall onClick={onKill} aria-label="Kill switch">
          Kill<span className="nav-long">&nbsp;switch</span>
        </Button>
      </div>
      <Button kind="quiet" className="icon-button keys-button" aria-label="Keys" title="Keys (?)" onClick={onKeys}>
        <Icon name="keys" />
      </Button>
      <Button
        kind="quiet"
        className="icon-button theme-button"
        aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
        title="Dark or light (t)"
        onClick={toggleTheme}
      >
        <Icon name="theme" />
      </Button>
    </header>
  );
}

/** Says in words, across the page, that what is shown is no longer live. */
export function ConnectionBanner() {
  const { state, sinceMs } = useConnection();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    setIsLate(false);
    // A short blink of the connection needs no banner.
    const timer = setTimeout(() => setIsLate(true), 1000);
    return () => clearTimeout(timer);
  }, [state, sinceMs]);
  if (state === 'live' || !isLate) return <div />;
  if (state === 'over') {
    return (
      <div className="banner banner-over">
        The session is over. What you see is how it ended; a new session is picked up when one starts here.
      </div>
    );
  }
  return (
    <div className="banner">
      {state === 'lost'
        ? `No connection since ${wallClock(sinceMs)}. What you see is from then; it comes back by itself.`
        : 'Connecting to the session …'}
    </div>
  );
}

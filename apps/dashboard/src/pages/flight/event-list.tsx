/** The events around the instant, what each says, and what the engine sent on account of it. */
import type { FlightEvent } from 'quotewright/server/protocol/research';
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import { useEffect, useRef, useState } from 'react';
import { type Problem, read, toProblem } from '../../lib/api.ts';
import { formatTime } from '../../lib/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';

const BEFORE = 20;
const COUNT = 60;
/** The list is read anew when the instant comes so near to its end. */
const MARGIN = 6;

interface EventListProps {
  readonly flight: string;
  readonly at: number;
  readonly total: number;
  readonly instruments: readonly InstrumentInfo[];
  /** False while it plays: the list would only flicker. */
  readonly isLive: boolean;
  readonly onSeek: (event: number) => void;
}

export function EventList({ flight, at, total, instruments, isLive, onSeek }: EventListProps) {
  const [events, setEvents] = useState<readonly FlightEvent[]>([]);
  const [problem, setProblem] = useState<Problem>();
  const list = useRef<HTMLOListElement>(null);
  const first = events[0]?.event ?? -1;
  const last = events.at(-1)?.event ?? -1;
  const isCovered =
    first >= 0 &&
    (at >= first + MARGIN || first === 0) &&
    (at <= last - MARGIN || last >= total - 1) &&
    at >= first &&
    at <= last;

  useEffect(() => {
    if (isCovered || !isLive) return undefined;
    const abort = new AbortController();
    const from = Math.max(0, at - BEFORE);
    read<{ events: FlightEvent[] }>(`/flights/${flight}/events?from=${from}&count=${COUNT}`, abort.signal).then(
      (found) => {
        setEvents(found.events);
        setProblem(undefined);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setProblem(toProblem(error));
      },
    );
    return () => abort.abort();
  }, [flight, at, isCovered, isLive]);

  useEffect(() => {
    const row = list.current?.querySelector<HTMLElement>('[aria-current]');
    const box = list.current;
    if (!row || !box) return;
    box.scrollTop = row.offsetTop - box.clientHeight / 2 + row.clientHeight / 2;
  }, [at, events]);

  return (
    <Panel
      title="Events"
      className="flight-events flush"
      note="Every input of the engine, in order, and what it did on account of it (→)."
    >
      {problem !== undefined && <ErrorNote problem={problem} />}
      <ol className="flight-list" ref={list} tabIndex={0} aria-label="Events around the instant">
        {events.map((each) => (
          <li key={each.event} aria-current={each.event === at ? 'step' : undefined}>
            <button type="button" className="flight-event" onClick={() => onSeek(each.event)}>
              <span className="figures flight-event-time">{formatTime(each.timeMs, 6)}</span>
              <span className="flight-kind">
                {each.kind} <span className="flight-of">{symbolOf(instruments, each.instrument)}</span>
              </span>
              <span className="flight-text">{each.text}</span>
              {each.effects.map((effect, index) => (
                <span key={index} className="flight-effect">
                  → {effect}
                </span>
              ))}
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function symbolOf(instruments: readonly InstrumentInfo[], index: number | null): string {
  return (index === null ? undefined : instruments[index]?.symbol) ?? '';
}

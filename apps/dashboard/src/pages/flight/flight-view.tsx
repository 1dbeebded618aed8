/** An open flight: the scrubber, the way through it, and everything at the instant. */
import type { FlightInfo, FlightOverview } from 'quotewright/server/protocol/research';
import { type ReactNode, useEffect, useState } from 'react';
import { read, useApi } from '../../lib/api.ts';
import { formatDuration, formatNumber, formatTime } from '../../lib/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { BookAtInstant } from './book-at-instant.tsx';
import { EventList } from './event-list.tsx';
import { useFlightKeys } from './keys.ts';
import { MoneyAtInstant } from './money-at-instant.tsx';
import { usePlay } from './player.ts';
import { Scrubber } from './scrubber.tsx';
import { Transport } from './transport.tsx';
import { useMoment } from './use-moment.ts';

export function FlightView({ info, close }: { readonly info: FlightInfo; readonly close: ReactNode }) {
  const { id, events, instruments, hasTrading } = info;
  const { data: overview, error, reload } = useApi<FlightOverview>(`/flights/${id}/overview`);
  const moments = useMoment(id);
  const { moment, problem, go } = moments;
  const [isPlaying, setIsPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [kind, setKind] = useState(hasTrading ? 'fill' : 'trade');
  const [instrument, setInstrument] = useState(0);
  const [said, setSaid] = useState('');
  const at = moment?.event ?? 0;
  const timeMs = moment?.timeMs ?? info.fromMs ?? 0;
  const endMs = info.toMs ?? 0;

  // The middle shows more than the beginning, where nothing has happened yet.
  useEffect(() => go({ event: Math.floor(events / 2) }), [go, events]);
  usePlay({ isPlaying, speed, timeMs, endMs, moments, onEnd: () => setIsPlaying(false) });

  const seek = (event: number): void => {
    setIsPlaying(false);
    setSaid('');
    go({ event: Math.min(events - 1, Math.max(0, event)) });
  };
  const find = async (direction: 'next' | 'previous'): Promise<void> => {
    const path = `/flights/${id}/find?from=${at}&kind=${kind}&direction=${direction}`;
    const found = await read<{ event: number | null }>(path).catch(() => undefined);
    if (found?.event === null) setSaid(`no ${direction} ${kind}`);
    else if (found !== undefined) seek(found.event);
  };
  useFlightKeys({
    step: (by) => seek(at + by),
    find: (direction) => void find(direction),
    play: () => setIsPlaying((was) => !was),
  });

  const shown = instruments[instrument];
  return (
    <div className="flight">
      <h1 className="unseen">Flight recorder: {info.source.id}</h1>
      <Panel
        title={info.source.id}
        className="flight-head"
        note={info.notes.length === 0 ? undefined : info.notes.join(' ')}
        actions={
          <>
            {instruments.length > 1 && (
              <Select
                label="Instrument"
                value={String(instrument)}
                options={instruments.map(({ index, name }) => ({ value: String(index), label: name }))}
                onChange={(value) => setInstrument(Number(value))}
              />
            )}
            {close}
          </>
        }
      >
        <div className="flight-instant" aria-live="off">
          <span className="flight-clock number">{formatTime(moment?.timeMs, 6)}</span>
          <span className="flight-of number">
            event {formatNumber(at, { digits: 0 })} of {formatNumber(events, { digits: 0 })}
          </span>
          <span className="flight-of number">{formatDuration(timeMs - (info.fromMs ?? timeMs))} in</span>
          <span className="flight-of">{moment?.riskState}</span>
          <span className="flight-said" role="status">
            {said}
          </span>
        </div>
        {error !== undefined && <ErrorNote problem={error} onRetry={reload} />}
        {overview !== undefined && (
          <Scrubber
            overview={overview}
            total={events}
            event={at}
            timeMs={timeMs}
            instrument={instrument}
            onSeek={seek}
          />
        )}
        <Transport
          isPlaying={isPlaying}
          speed={speed}
          kind={kind}
          hasTrading={hasTrading}
          onPlay={(next) => (next && at >= events - 1 ? seek(0) : setIsPlaying(next))}
          onSpeed={setSpeed}
          onKind={setKind}
          onStep={(by) => seek(at + by)}
          onFind={(direction) => void find(direction)}
        />
      </Panel>
      {problem !== undefined && <ErrorNote problem={problem} />}
      {moment !== undefined && shown !== undefined && (
        <div className="flight-panels">
          <BookAtInstant moment={moment} instrument={shown} />
          <MoneyAtInstant
            moment={moment}
            instruments={instruments}
            strategies={info.strategies}
            hasTrading={hasTrading}
          />
          <EventList flight={id} at={at} total={events} instruments={instruments} isLive={!isPlaying} onSeek={seek} />
        </div>
      )}
    </div>
  );
}

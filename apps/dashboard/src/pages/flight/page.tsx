/** Flight recorder: pick a journal or a recording, go to any instant of it, and see all there was. */
import type { FlightInfo, Source, StoredRecording, StoredSession } from 'quotewright/server/protocol/research';
import { useState } from 'react';
import { type Problem, act, toProblem, useApi } from '../../lib/api.ts';
import { formatNumber } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import './flight.css';
import { FlightView } from './flight-view.tsx';
import { Sources } from './sources.tsx';

export default function FlightPage() {
  const [flight, setFlight] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const sessions = useApi<StoredSession[]>(flight === undefined ? '/sessions' : undefined);
  const recordings = useApi<StoredRecording[]>(flight === undefined ? '/recordings' : undefined);

  const open = async (source: Source): Promise<void> => {
    setProblem(undefined);
    try {
      setFlight((await act<FlightInfo>('POST', '/flights', { source })).id);
    } catch (error) {
      setProblem(toProblem(error));
    }
  };

  if (flight !== undefined) return <Opened id={flight} onClose={() => setFlight(undefined)} />;
  const failed = problem ?? sessions.error ?? recordings.error;
  return (
    <div className="flight-choice">
      <h1 className="unseen">Flight recorder</h1>
      {failed !== undefined && <ErrorNote problem={failed} onRetry={sessions.reload} />}
      <Sources sessions={sessions.data} recordings={recordings.data} onOpen={(source) => void open(source)} />
    </div>
  );
}

function Opened({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [isDone, setIsDone] = useState(false);
  const { data: info, error, reload } = useApi<FlightInfo>(`/flights/${id}`, isDone ? {} : { everyMs: 400 });
  if (info !== undefined && info.state !== 'reading' && !isDone) setIsDone(true);
  const close = (
    <Button isSmall onClick={onClose}>
      Another one
    </Button>
  );
  if (error !== undefined && info === undefined) {
    return (
      <Panel title="Flight recorder" actions={close}>
        <ErrorNote problem={error} onRetry={reload} />
      </Panel>
    );
  }
  if (info === undefined || info.state === 'reading') {
    const share = info?.progress ?? 0;
    return (
      <Panel title={info === undefined ? 'Flight recorder' : info.source.id} actions={close}>
        <div className="flight-reading">
          <progress className="flight-progress" max={1} value={share} aria-label="Read so far" />
          <p>
            Reading every event once:{' '}
            <span className="number">{formatNumber(share * 100, { digits: 0, unit: '%' })}</span>,{' '}
            <span className="number">{formatNumber(info?.events ?? 0, { digits: 0 })}</span> events
          </p>
        </div>
      </Panel>
    );
  }
  if (info.state === 'failed') {
    return (
      <Panel title={info.source.id} actions={close}>
        <Empty title="It cannot be replayed">{info.failure}</Empty>
      </Panel>
    );
  }
  if (info.events === 0) {
    return (
      <Panel title={info.source.id} actions={close}>
        <Empty title="Nothing happened in it">No input is in this journal yet.</Empty>
      </Panel>
    );
  }
  return <FlightView info={info} close={close} />;
}

/** Model: what the engine knows of the market's mood. What a learned model sees and says comes here once a session has one. */
import type { RegimeData } from 'quotewright/server/protocol/stream';
import { useSession, useTopic } from '../../lib/stream.ts';
import { Empty } from '../../ui/notes.tsx';
import { ChangesPanel } from './changes-panel.tsx';
import './model.css';
import { RegimeCard } from './regime-card.tsx';
import { useRegimes } from './use-regimes.ts';
import { VolatilityPanel } from './volatility-panel.tsx';

export default function ModelPage() {
  const session = useSession();
  const { data } = useTopic<RegimeData>('regime');
  const history = useRegimes();
  if (session === undefined || data === undefined) {
    return (
      <>
        <h1>Model</h1>
        <Empty title="Connecting to the session …">What it measures comes as soon as it answers.</Empty>
      </>
    );
  }
  return (
    <div className="model stack">
      <header className="page-head">
        <h1>Model</h1>
        <p className="muted">
          The market’s mood, as the engine measures it. Features, predictions and how good they were appear here once a
          session runs with a learned model.
        </p>
      </header>
      {data.instruments.length === 0 && (
        <Empty title="The mood of the market is not measured here">
          It is the circuit breakers that measure it, and this session runs with risk off.
        </Empty>
      )}
      {data.instruments.map((now) => {
        const instrument = session.instruments[now.instrument];
        return instrument === undefined ? null : (
          <div key={now.instrument} className="model-pair">
            <RegimeCard instrument={instrument} now={now} points={history.of(now.instrument)} />
            <VolatilityPanel instrument={instrument} />
          </div>
        );
      })}
      <ChangesPanel />
    </div>
  );
}

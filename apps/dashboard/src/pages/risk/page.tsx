/** Risk: what trading is allowed, how much of it is used, what could go wrong, and what an operator can do about it. */
import type { RiskData } from 'quotewright/server/protocol/stream';
import { useSession, useTopic } from '../../lib/stream.ts';
import { Empty } from '../../ui/notes.tsx';
import { AlertsPanel } from './alerts-panel.tsx';
import { BreakersPanel } from './breakers-panel.tsx';
import { LimitsPanel } from './limits-panel.tsx';
import { RefusalsPanel } from './refusals-panel.tsx';
import './risk.css';
import { StatePanel } from './state-panel.tsx';
import { StrategiesPanel } from './strategies-panel.tsx';
import { VarPanel } from './var-panel.tsx';

export default function RiskPage() {
  const session = useSession();
  const { data: risk } = useTopic<RiskData>('risk');
  if (session === undefined || risk === undefined) {
    return (
      <>
        <h1>Risk</h1>
        <Empty title="Connecting to the session …">What it measures comes as soon as it answers.</Empty>
      </>
    );
  }
  return (
    <div className="risk">
      <h1 className="unseen">Risk</h1>
      <StatePanel risk={risk} />
      <div className="risk-columns">
        <div className="risk-column">
          <LimitsPanel limits={risk.limits} currency={risk.currency} session={session} />
        </div>
        <div className="risk-column">
          <AlertsPanel />
          <StrategiesPanel session={session} />
          <RefusalsPanel />
        </div>
        <div className="risk-column">
          <BreakersPanel breakers={risk.breakers} currency={risk.currency} />
          <VarPanel />
        </div>
      </div>
    </div>
  );
}

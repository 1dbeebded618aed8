/** The state of trading as one big word, what it means, the figures behind it, and the ways to change it. */
import { useState } from 'react';
import type { RiskData } from 'quotewright/server/protocol/stream';
import type { CommandAnswer } from 'quotewright/server/protocol/risk';
import { act } from '../../lib/api.ts';
import { formatNumber, formatShare } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FigureTile } from '../performance/figure-tile.tsx';
import { moneyDigits } from '../performance/units.ts';
import { AnswerNote } from './answer-note.tsx';
import { useAction } from './use-action.ts';

type State = RiskData['state'];

const WORDS: Readonly<Record<State, { readonly sign: string; readonly text: string; readonly ask: string }>> = {
  ACTIVE: {
    sign: '●',
    text: 'Orders go out within the limits.',
    ask: 'Orders go out again, within the limits. Needs the role admin. Where limits demand a stricter state, that one holds.',
  },
  REDUCING: {
    sign: '▼',
    text: 'Only what makes a position smaller is sent; other orders are cancelled.',
    ask: 'Only what makes a position smaller is sent from now on; every other order is cancelled.',
  },
  HALTED: {
    sign: '■',
    text: 'Nothing is sent, and every order is cancelled. An operator must let it go on.',
    ask: 'Nothing is sent from now on, and every order is cancelled. Positions stay as they are.',
  },
};

const STATES: readonly State[] = ['ACTIVE', 'REDUCING', 'HALTED'];

export function StatePanel({ risk }: { readonly risk: RiskData }) {
  const [asked, setAsked] = useState<State>();
  const action = useAction();
  const { sign, text } = WORDS[risk.state];
  return (
    <Panel
      title="State of trading"
      className="risk-now"
      actions={
        <Button
          isSmall
          disabled={action.busy !== undefined}
          title="Compare orders and positions with the venue’s (role admin)"
          onClick={() => void action.run('reconcile', () => act<CommandAnswer>('POST', '/reconcile'))}
        >
          {action.busy === 'reconcile' ? 'Comparing …' : 'Reconcile with the venues'}
        </Button>
      }
    >
      <div className="risk-state-row">
        <div className={`state-word state-${risk.state.toLowerCase()}`}>
          <p className="state-name">
            <span aria-hidden="true">{sign}</span> {risk.state}
          </p>
          <p className="state-text">{text}</p>
        </div>
        <div className="state-buttons" role="group" aria-label="Change the state of trading">
          {STATES.map((state) => (
            <Button
              key={state}
              kind={state === 'HALTED' && risk.state !== 'HALTED' ? 'danger' : 'plain'}
              aria-current={state === risk.state}
              disabled={state === risk.state}
              onClick={() => setAsked(state)}
            >
              <span aria-hidden="true">{WORDS[state].sign}</span> {state}
            </Button>
          ))}
        </div>
      </div>
      <AnswerNote action={action} />
      <Figures risk={risk} />
      {asked !== undefined && (
        <ConfirmDialog
          open
          onClose={() => setAsked(undefined)}
          title={`Set trading to ${asked}?`}
          confirm={`Set ${asked}`}
          isDanger={asked === 'HALTED'}
          onConfirm={() => act<CommandAnswer>('PUT', '/risk/state', { state: asked })}
        >
          {WORDS[asked].ask}
        </ConfirmDialog>
      )}
    </Panel>
  );
}

function Figures({ risk }: { readonly risk: RiskData }) {
  const { currency, equity, peak, drawdown, netExposure, grossExposure, valueAtRisk, expectedShortfall } = risk;
  const digits = moneyDigits(currency);
  const money = (value: number | null, sign = false): string => formatNumber(value, { digits, unit: currency, sign });
  return (
    // Without a watch on value at risk its figure is hidden, not empty: the panel below works one out.
    <dl className={`headline risk-figures ${valueAtRisk === null ? 'headline-four' : 'headline-five'}`}>
      <FigureTile label="Equity" about="Capital and everything booked, positions at the mids." value={money(equity)}>
        peak {money(peak)}
      </FigureTile>
      <FigureTile
        label="Drawdown"
        about="How far equity is below its peak, as a share of the peak."
        value={formatShare(drawdown === null ? null : -Math.abs(drawdown), 3)}
      />
      <FigureTile
        label="Net exposure"
        about="Signed values of all positions added up, as they are held now."
        value={money(netExposure, true)}
      />
      <FigureTile
        label="Gross exposure"
        about="Values of all positions added up without their sign."
        value={money(grossExposure)}
      />
      {valueAtRisk !== null && (
        <FigureTile
          label="Value at risk, watched"
          about="The loss that the session’s own watch expects not to be exceeded; above max_var trading is reduced."
          value={money(valueAtRisk)}
        >
          shortfall {money(expectedShortfall)}
        </FigureTile>
      )}
    </dl>
  );
}

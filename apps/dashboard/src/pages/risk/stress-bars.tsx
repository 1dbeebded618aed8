/** Stress scenarios as bars to both sides of zero: losses to the left, hatched. */
import type { VarReport } from 'quotewright/server/protocol/risk';
import { formatNumber } from '../../lib/format.ts';
import { Explain } from '../performance/explain.tsx';

interface StressBarsProps {
  readonly stress: VarReport['stress'];
  readonly digits: number;
  readonly currency: string;
}

export function StressBars({ stress, digits, currency }: StressBarsProps) {
  if (stress.length === 0) return <p className="part-empty">No scenarios are defined.</p>;
  const largest = Math.max(...stress.map(({ pnl }) => Math.abs(pnl)), 10 ** -digits);
  return (
    <dl className="stress">
      {stress.map(({ scenario, description, pnl }) => {
        const width = (Math.abs(pnl) / largest) * 50;
        return (
          <div key={scenario} className="stress-row">
            <dt>
              <Explain text={description}>{scenario}</Explain>
            </dt>
            <dd className="stress-track" aria-hidden="true">
              <span
                className={pnl < 0 ? 'stress-bar stress-loss' : 'stress-bar stress-gain'}
                style={{ width: `${width}%`, left: `${pnl < 0 ? 50 - width : 50}%` }}
              />
            </dd>
            <dd className="number">{formatNumber(pnl, { digits, unit: currency, sign: true })}</dd>
          </div>
        );
      })}
    </dl>
  );
}

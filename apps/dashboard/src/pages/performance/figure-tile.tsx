/** One figure with its name, its unit and what it means. The sign is a word of its own: up, down or flat is not told by colour alone. */
import type { ReactNode } from 'react';
import { Explain } from './explain.tsx';
import './figures.css';

interface FigureTileProps {
  readonly label: string;
  readonly about: string;
  /** With its unit. */
  readonly value: string;
  /** Colours the value and puts an arrow before it; absent: it is neither good nor bad. */
  readonly trend?: number | undefined;
  readonly isMain?: boolean;
  /** A smaller line below. */
  readonly children?: ReactNode;
}

/** Rounds to nothing: neither up nor down. */
const FLAT = 1e-9;

export function FigureTile({ label, about, value, trend, isMain = false, children }: FigureTileProps) {
  const way = trend === undefined || Math.abs(trend) < FLAT ? 'flat' : trend > 0 ? 'gain' : 'loss';
  return (
    <div className={`tile ${isMain ? 'tile-main' : ''}`}>
      <dt className="tile-label">
        <Explain text={about}>{label}</Explain>
      </dt>
      <dd className={`tile-value tile-${way}`}>
        {trend !== undefined && (
          <span className="tile-way" aria-hidden="true">
            {way === 'gain' ? '▲' : way === 'loss' ? '▼' : '■'}
          </span>
        )}
        {value}
      </dd>
      {children !== undefined && <dd className="tile-more">{children}</dd>}
    </div>
  );
}

/** How much of a limit is used: a bar, and the same in words. Unlimited and unused limits have words only. */
interface BarProps {
  /** What it is of. */
  readonly label: string;
  /** 0 … 1 and beyond; null: it has no standing use. */
  readonly share: number | null;
  /** Used and limit, as text. */
  readonly used: string;
  readonly limit: string;
  readonly remaining?: string;
}

/** The bar says more than its colour: near and over the limit have words. */
function barState(share: number | null): 'none' | 'calm' | 'near' | 'over' {
  if (share === null) return 'none';
  return share >= 1 ? 'over' : share >= 0.8 ? 'near' : 'calm';
}

const WORDS = { none: '', calm: '', near: 'near its limit', over: 'at its limit' };

export function Bar({ label, share, used, limit, remaining }: BarProps) {
  const state = barState(share);
  const width = Math.min(1, Math.max(0, share ?? 0)) * 100;
  return (
    <div className={`bar bar-${state}`}>
      <div className="bar-words">
        <span className="bar-label">{label}</span>
        {WORDS[state] !== '' && <span className="bar-state">{WORDS[state]}</span>}
        <span className="bar-figures">
          {used} <span className="of">of</span> {limit}
        </span>
      </div>
      <div
        className="bar-track"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(width)}
        aria-valuetext={`${used} of ${limit}${WORDS[state] === '' ? '' : `, ${WORDS[state]}`}`}
      >
        <div className="bar-fill" style={{ width: `${width}%` }} />
      </div>
      {remaining !== undefined && <p className="bar-remaining">{remaining} left</p>}
    </div>
  );
}

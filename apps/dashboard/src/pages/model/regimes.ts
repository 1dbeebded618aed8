/** Regimes of volatility in words, each with a sign of its own. */

interface RegimeWords {
  readonly label: string;
  readonly sign: string;
  readonly text: string;
  readonly kind: 'calm' | 'normal' | 'volatile' | 'crisis' | 'other';
}

const REGIMES: Readonly<Record<string, RegimeWords>> = {
  calm: { label: 'Calm', sign: '▁', kind: 'calm', text: 'The mid moves less than is usual here.' },
  normal: { label: 'Normal', sign: '▃', kind: 'normal', text: 'The mid moves as much as it usually does here.' },
  volatile: { label: 'Volatile', sign: '▅', kind: 'volatile', text: 'The mid moves clearly more than is usual here.' },
  crisis: {
    label: 'Crisis',
    sign: '█',
    kind: 'crisis',
    text: 'Volatility and spread together are far beyond what is usual: the circuit breaker opens on this.',
  },
};

export function regimeWords(regime: string): RegimeWords {
  return REGIMES[regime] ?? { label: regime, sign: '▃', kind: 'other', text: `The engine calls it ${regime}.` };
}

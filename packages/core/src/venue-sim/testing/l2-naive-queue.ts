/**
 * Queue models for the slow venue, as functions: lots ahead after a level's change. The share of cancels behind is in
 * hftbacktest's own form, from lots in front and behind.
 */
const shares: Record<string, (front: number, back: number, n: number) => number> = {
  power1: (front, back, n) => Math.pow(back, n) / (Math.pow(back, n) + Math.pow(front, n)),
  power2: (front, back, n) => Math.pow(back, n) / Math.pow(back + front, n),
  power3: (front, back, n) => 1 - Math.pow(front / (front + back), n),
  log1: (front, back) => Math.log(1 + back) / (Math.log(1 + back) + Math.log(1 + front)),
  log2: (front, back) => Math.log(1 + back) / Math.log(1 + back + front),
};

/** Lots ahead of an order after its level went from `prev` to `next`, of which `traded` had printed. */
export function naiveDepth(
  model: string,
  exponent: number,
  ahead: number,
  prev: number,
  next: number,
  traded: number,
): number {
  if (model === 'touch') return 0;
  if (model === 'through') return Infinity;
  const gone = prev - next - traded;
  const share = shares[model];
  if (share === undefined || gone < 0 || ahead <= 0) return Math.min(ahead, next);
  const behind = share(ahead, prev - ahead, exponent);
  const estimate = ahead - (1 - behind) * gone + Math.min(prev - ahead - behind * gone, 0);
  return Number.isNaN(estimate) ? next : Math.max(0, Math.min(estimate, next));
}

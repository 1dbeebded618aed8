/** Imbalance of the sizes at the touch: (bid - ask) ÷ (bid + ask), from -1 to 1; 0 for an empty book. */
export function touchImbalance(bidLots: number, askLots: number): number {
  const total = bidLots + askLots;
  return total > 0 ? (bidLots - askLots) / total : 0;
}

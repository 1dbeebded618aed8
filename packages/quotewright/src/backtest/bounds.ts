/** The runs of a backtest side by side. */

/** How own orders fill: by the queue model, at the touch, only when the market trades through them. */
export const BOUNDS = ['modelled', 'optimistic', 'pessimistic'] as const;
export type Bound = (typeof BOUNDS)[number];

/** What `HGETALL PREFIX:metrics` shows: a session in some twenty numbers. */
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { instrumentName } from '../risk/operable.ts';
import type { ServerContext } from '../server/context.ts';
import { breakerInfos } from '../server/views/risk-data.ts';

/** Fields and values, in turn. */
export function liveMetrics(context: ServerContext): Record<string, string | number> {
  const { engine, setup } = context;
  const { header } = setup;
  const system = context.system();
  const metrics: Record<string, string | number> = {
    updatedMs: Date.now(),
    marketMs: system.marketMs,
    epoch: setup.epoch,
    ready: context.readiness().isReady ? 1 : 0,
    riskState: RISK_STATE_NAMES[engine.riskState],
    inputs: system.inputs,
    inputsPerSecond: round(system.inputsPerSecond),
    cpuPercent: round(system.cpuPercent),
    rssBytes: system.memory.rssBytes,
    journalPending: system.journal.pending,
    replicaLag: system.replica.lag,
    clients: system.clients.connected,
  };
  for (const { name, link } of system.venues) {
    if (link === null) continue;
    Object.assign(metrics, {
      [`venue:${name}:feed`]: link.isFeedUp ? 'up' : 'down',
      [`venue:${name}:orders`]: link.orders,
      [`venue:${name}:messagesPerSecond`]: round(link.messagesPerSecond),
      [`venue:${name}:staleBooks`]: link.staleBooks.length,
    });
  }
  for (const pnl of context.views.pnl().strategies) {
    const { strategy, currency, total, equity, drawdown, fills, openOrders } = pnl;
    const of = `strategy:${strategy}:${engine.seats[strategy]!.name}`;
    Object.assign(metrics, {
      [`${of}:pnl:${currency}`]: total,
      [`${of}:equity:${currency}`]: equity,
      [`${of}:drawdown:${currency}`]: drawdown,
      [`${of}:fills`]: fills,
      [`${of}:openOrders`]: openOrders,
    });
  }
  for (const [market, instrument] of engine.instruments.entries()) {
    const name = instrumentName(instrument);
    const { midTicks } = engine.seats[0]!.markets[market]!;
    metrics[`position:${name}`] = instrument.size.format(engine.portfolioLots(market));
    if (midTicks === midTicks)
      metrics[`mid:${name}`] = (midTicks * instrument.price.toNumber(1)).toFixed(instrument.price.decimals + 1);
  }
  for (const { instrument, state } of breakerInfos(engine, header.epochDay)) metrics[`breaker:${instrument}`] = state;
  return metrics;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

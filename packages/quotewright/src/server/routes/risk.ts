/** Risk: state, limits, breakers, value at risk; and what an operator does about them. */
import { REFUSAL_COUNT, REFUSAL_TEXT, Refusal } from '@quotewright/core/trading/refusal';
import { TRIGGER_NAMES } from '@quotewright/core/risk/breaker/trigger';
import { z } from 'zod';
import { instrumentName } from '../../risk/operable.ts';
import type { ServerContext } from '../context.ts';
import type { App } from '../http/app.ts';
import { actorOf, commandText } from '../http/command.ts';
import { API } from '../http/openapi.ts';
import { Problem } from '../http/problems.ts';
import {
  type BreakerReport,
  type RiskInfo,
  breakerCommand,
  breakerReport,
  commandAnswer,
  limitChange,
  limitUse,
  riskInfo,
  stateChange,
  varReport,
} from '../protocol/risk.ts';
import { finiteOrNull } from '../views/finite.ts';
import { marketMs } from '../views/market-time.ts';
import { breakerInfos, limitUses, riskData } from '../views/risk-data.ts';
import { allows } from '../security/tokens.ts';
import type { RiskFigures } from '../risk-figures.ts';

// oxlint-disable-next-line no-unsafe-type-assertion -- the codes of a constant
const REFUSAL_NAMES = new Map(Object.entries(Refusal).map(([name, code]) => [code as number, name]));

export function riskRoutes(app: App, context: ServerContext, figures: RiskFigures): void {
  const tags = ['risk'];
  app.get(
    `${API}/risk`,
    {
      schema: {
        tags,
        summary: 'State of trading, limits with what is used of them, refusals',
        response: { 200: riskInfo },
      },
    },
    () => riskOf(context),
  );
  app.put(
    `${API}/risk/state`,
    {
      config: { access: 'trade', isCommand: true },
      schema: {
        tags,
        summary: 'Command the state of trading: REDUCING and HALTED need the role trade, ACTIVE needs admin',
        body: stateChange,
        response: { 200: commandAnswer },
      },
    },
    async (request) => {
      const { state } = request.body;
      if (state === 'ACTIVE' && request.holder !== undefined && !allows(request.holder, 'admin')) {
        throw new Problem(
          'wrong-role',
          `found a token of the role ${request.holder.role}, expected admin to let trading go on`,
        );
      }
      return commandText(context, { ask: 'state', who: actorOf(request), state });
    },
  );
  app.get(
    `${API}/risk/limits`,
    {
      schema: {
        tags,
        summary: 'Every limit that something is said of, by scope',
        response: { 200: z.array(limitUse) },
      },
    },
    () => limitUses(context.engine),
  );
  app.put(
    `${API}/risk/limits/:limit`,
    {
      config: { isCommand: true },
      schema: {
        tags,
        summary: 'Set a limit in a scope: global, venue:NAME, instrument:VENUE:SYMBOL, strategy:INDEX; null = no limit',
        params: z.object({ limit: z.string().max(100) }),
        body: limitChange,
        response: { 200: commandAnswer },
      },
    },
    async (request) => {
      const { limit } = request.params;
      return commandText(context, { ask: 'limit', who: actorOf(request), limit, ...request.body });
    },
  );
  app.get(
    `${API}/risk/var`,
    {
      schema: {
        tags,
        summary:
          'Value at risk and expected shortfall by several methods, their parts, and stress; null while there are too few prices',
        response: { 200: varReport },
      },
    },
    () => figures.report(),
  );
  app.get(
    `${API}/risk/breaker`,
    { schema: { tags, summary: 'Circuit breakers and their last trips', response: { 200: breakerReport } } },
    () => breakersOf(context),
  );
  app.post(
    `${API}/risk/breaker/trip`,
    {
      config: { access: 'trade', isCommand: true, rateLimit: false },
      schema: {
        tags,
        summary: 'Open the circuit breaker of an instrument, or of all, until it is reset',
        body: breakerCommand,
        response: { 200: commandAnswer },
      },
    },
    async (request) => commandText(context, { ask: 'trip', who: actorOf(request), ...request.body }),
  );
  app.post(
    `${API}/risk/breaker/reset`,
    {
      config: { isCommand: true },
      schema: {
        tags,
        summary: 'Close the circuit breaker of an instrument, or of all',
        body: breakerCommand,
        response: { 200: commandAnswer },
      },
    },
    async (request) => commandText(context, { ask: 'reset', who: actorOf(request), ...request.body }),
  );
}

function riskOf({ engine, setup }: ServerContext): RiskInfo {
  const { seats, risk } = engine;
  const refusals = Array.from({ length: REFUSAL_COUNT }, (_, code) => ({
    code: REFUSAL_NAMES.get(code) ?? String(code),
    text: REFUSAL_TEXT[code] ?? '',
    count: seats.reduce((sum, { index }) => sum + (risk?.gate.refusals(index, code) ?? 0), 0),
  })).filter(({ count }) => count > 0);
  const { limits, breakers, ...rest } = riskData(engine, setup.header.epochDay);
  return { ...rest, limits: [...limits], breakers: [...breakers], refusals };
}

/** The log holds openings: a canary that did not live, or a breaker that was closed. */
function breakersOf({ engine, setup }: ServerContext): BreakerReport {
  const { epochDay } = setup.header;
  const history = (engine.risk?.breaker.trips ?? []).map(({ ns, market, trigger, value, limit, isRelapse }) => ({
    timeMs: marketMs(epochDay, ns),
    instrument: market < 0 ? 'all' : instrumentName(engine.instruments[market]!),
    trigger: TRIGGER_NAMES[trigger] ?? 'NONE',
    value: finiteOrNull(value),
    threshold: finiteOrNull(limit),
    from: isRelapse ? ('HALF_OPEN' as const) : ('CLOSED' as const),
    to: 'OPEN' as const,
  }));
  return { breakers: breakerInfos(engine, epochDay), history };
}

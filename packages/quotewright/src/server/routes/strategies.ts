/** Strategies: what runs, with what parameters; start, stop, pause. */
import type { StrategySeat } from '@quotewright/core/engine/strategy-seat';
import type { ParamSpec } from '@quotewright/core/strategies/strategy';
import { z } from 'zod';
import { STRATEGY_COMMANDS } from '../../risk/control-protocol.ts';
import type { ServerContext } from '../context.ts';
import type { App } from '../http/app.ts';
import { actorOf, commandText } from '../http/command.ts';
import { API } from '../http/openapi.ts';
import { Problem } from '../http/problems.ts';
import { commandAnswer } from '../protocol/risk.ts';
import {
  type ParameterSpec,
  type StrategyDetail,
  parameterChange,
  parameterSpec,
  strategyDetail,
} from '../protocol/trading.ts';
import { strategyInfos } from '../views/instrument-info.ts';

const params = z.object({ index: z.coerce.number().int().min(0).max(1000) });

export function strategyRoutes(app: App, context: ServerContext): void {
  const tags = ['strategies'];
  const seatOf = (index: number): StrategySeat => {
    const { seats } = context.engine;
    const seat = seats[index];
    if (seat !== undefined) return seat;
    throw new Problem('not-found', `found strategy ${index}, expected one of 0 to ${seats.length - 1}`);
  };
  app.get(
    `${API}/strategies`,
    { schema: { tags, summary: 'All strategies', response: { 200: z.array(strategyDetail) } } },
    () => context.engine.seats.map((seat) => detailOf(context, seat)),
  );
  app.get(
    `${API}/strategies/:index`,
    { schema: { tags, summary: 'One strategy', params, response: { 200: strategyDetail } } },
    ({ params: { index } }) => detailOf(context, seatOf(index)),
  );
  for (const action of STRATEGY_COMMANDS) {
    app.post(
      `${API}/strategies/:index/${action}`,
      {
        config: { access: 'trade', isCommand: true },
        schema: { tags, summary: SUMMARIES[action], params, response: { 200: commandAnswer } },
      },
      async (request) => {
        const { index } = request.params;
        seatOf(index);
        return commandText(context, { ask: 'strategy', who: actorOf(request), strategy: index, command: action });
      },
    );
  }
  app.get(
    `${API}/strategies/:index/parameters`,
    {
      schema: {
        tags,
        summary: 'Parameters: what there is, and their values',
        params,
        response: { 200: z.array(parameterSpec) },
      },
    },
    ({ params: { index } }) => parametersOf(seatOf(index)),
  );
  app.put(
    `${API}/strategies/:index/parameters`,
    {
      config: { access: 'trade', isCommand: true },
      schema: {
        tags,
        summary: 'Set some parameters, within what each may be',
        params,
        body: parameterChange,
        response: { 200: commandAnswer },
      },
    },
    async (request) => {
      const { index } = request.params;
      seatOf(index);
      const { parameters } = request.body;
      return commandText(context, { ask: 'parameters', who: actorOf(request), strategy: index, parameters });
    },
  );
}

const SUMMARIES = {
  start: 'Let it quote',
  stop: 'Stop it: its orders are cancelled, it sees nothing',
  pause: 'Pause it: it sees the market and quotes nothing',
} as const;

function detailOf({ engine }: ServerContext, seat: StrategySeat): StrategyDetail {
  const { index, fills, metrics, definition } = seat;
  return {
    ...strategyInfos(engine)[index]!,
    description: definition.description,
    parameters: parametersOf(seat),
    metrics: Object.fromEntries([...metrics].filter(([, value]) => Number.isFinite(value))),
    fills,
    openOrders: engine.instruments.reduce((sum, _, market) => sum + engine.desk.count(index, market), 0),
  };
}

function parametersOf({ definition, params: values }: StrategySeat): ParameterSpec[] {
  return Object.entries(definition.params).map(([name, spec]) => parameterOf(name, spec, values[name] ?? spec.default));
}

function parameterOf(name: string, spec: ParamSpec, value: ParameterSpec['value']): ParameterSpec {
  if (spec.type === 'choice') return { ...spec, choices: [...spec.choices], name, value };
  return { ...spec, name, value };
}

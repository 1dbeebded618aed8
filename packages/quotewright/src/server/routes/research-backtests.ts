/** Backtests: start one, watch it, read what it came to. */
import { STRATEGIES } from '@quotewright/core/strategies/registry';
import type { ParamSpec } from '@quotewright/core/strategies/strategy';
import { z } from 'zod';
import type { App } from '../http/app.ts';
import { API } from '../http/openapi.ts';
import { Problem } from '../http/problems.ts';
import { runResult } from '../../reports/run-result.ts';
import {
  type CatalogueStrategy,
  backtestInfo,
  backtestList,
  backtestRequest,
  catalogueList,
  safeName,
} from '../protocol/research.ts';
import type { ParameterSpec } from '../protocol/trading.ts';
import { allows } from '../security/tokens.ts';
import type { Backtests } from '../research/backtests.ts';

const tags = ['backtests'];
const params = z.object({ id: safeName });

export function backtestRoutes(app: App, backtests: Backtests): void {
  app.get(
    `${API}/backtests`,
    { schema: { tags, summary: 'All that were started here, newest first', response: { 200: backtestList } } },
    () => backtests.list(),
  );
  app.post(
    `${API}/backtests`,
    {
      config: { access: 'trade' },
      schema: {
        tags,
        summary: 'Start one of a built-in strategy over a session or a recording; it waits while another runs',
        body: backtestRequest,
        response: { 202: backtestInfo },
      },
    },
    ({ body }, reply) => {
      const started = backtests.start(body);
      reply.code(202);
      return started;
    },
  );
  app.get(
    `${API}/backtests/:id`,
    { schema: { tags, summary: 'How far one is, or what it came to', params, response: { 200: backtestInfo } } },
    ({ params: { id } }) => backtests.info(id),
  );
  app.get(
    `${API}/backtests/:id/result`,
    {
      schema: {
        tags,
        summary: 'All figures of one that is done: its result.json',
        params,
        response: { 200: runResult },
      },
    },
    ({ params: { id } }) => backtests.result(id),
  );
  app.post(
    `${API}/backtests/:id/cancel`,
    {
      config: { access: 'trade' },
      schema: { tags, summary: 'End one that waits or runs', params, response: { 200: backtestInfo } },
    },
    async ({ params: { id } }) => {
      if (!backtests.isUnderWay(id)) throw new Problem('not-possible', 'the backtest has ended already');
      return backtests.cancel(id);
    },
  );
  app.delete(
    `${API}/backtests/:id`,
    {
      config: { access: 'trade' },
      schema: {
        tags,
        summary:
          'One that waits or runs is cancelled; one that has ended is deleted with all its files, which needs an admin',
        params,
        response: { 200: backtestInfo, 204: z.null() },
      },
    },
    async ({ params: { id }, holder }, reply) => {
      if (backtests.isUnderWay(id)) return backtests.cancel(id);
      if (holder === undefined || !allows(holder, 'admin')) {
        throw new Problem('wrong-role', 'expected a token of the role admin: the backtest has ended, this deletes it');
      }
      backtests.remove(id);
      return reply.code(204).send(null);
    },
  );
  app.get(
    `${API}/catalogue/strategies`,
    {
      schema: {
        tags,
        summary: 'Strategies that a backtest can be of, and their parameters',
        response: { 200: catalogueList },
      },
    },
    () => CATALOGUE,
  );
}

const CATALOGUE: CatalogueStrategy[] = STRATEGIES.map(({ name, description, params: specs }) => ({
  name,
  description,
  parameters: Object.entries(specs).map(([parameter, spec]) => parameterOf(parameter, spec)),
}));

function parameterOf(name: string, spec: ParamSpec): ParameterSpec {
  const { choices, ...rest }: ParamSpec & { choices?: readonly string[] } = spec;
  return { ...rest, ...(choices === undefined ? {} : { choices: [...choices] }), name, value: spec.default };
}

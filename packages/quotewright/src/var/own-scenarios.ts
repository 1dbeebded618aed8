/** The user's own stress scenarios, from a YAML file: `scenarios:` by name, moves in percent. */
import type { Scenario } from '@quotewright/core/risk/var/scenarios';
import { z } from 'zod';
import { checkSettings, readConfig } from '../config/read-config.ts';

const percent = z.number().gt(-100, 'expected a percentage above -100').lt(1e6);

const schema = z.strictObject({
  scenarios: z.record(
    z.string(),
    z.strictObject({
      about: z.string().default(''),
      /** By base currency. */
      moves: z.record(z.string(), percent).default({}),
      others: percent.default(0),
      spreadTimes: z.number().positive().default(1),
      depthLost: z.number().min(0).lt(1).default(0),
    }),
    'expected scenarios by name',
  ),
});

/** @throws InputError that names the file and the field */
export async function readScenarios(path: string): Promise<Scenario[]> {
  const { scenarios } = checkSettings(schema, await readConfig(path), path);
  return Object.entries(scenarios).map(([name, { about, moves, others, spreadTimes, depthLost }]) => ({
    name,
    about,
    others,
    spreadTimes,
    depthLost,
    moves: Object.fromEntries(Object.entries(moves).map(([asset, move]) => [asset.toUpperCase(), move])),
  }));
}

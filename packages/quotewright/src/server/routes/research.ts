/** Research: journals, recordings, backtests, reports and the flight recorder. */
import { join } from 'node:path';
import { Flights } from '../../flight/flights.ts';
import type { ServerContext } from '../context.ts';
import type { App } from '../http/app.ts';
import { Backtests } from '../research/backtests.ts';
import { Sources } from '../research/sources.ts';
import { backtestRoutes } from './research-backtests.ts';
import { fileRoutes } from './research-files.ts';
import { flightRoutes } from './research-flights.ts';

/** Folder in the home for what open flights keep on disk. */
const FLIGHTS = 'flights';

export function researchRoutes(app: App, { setup, home }: Pick<ServerContext, 'setup' | 'home'>): void {
  const sources = new Sources(home, setup.dir);
  const flights = new Flights(join(home.dir, FLIGHTS));
  const backtests = new Backtests(home.backtests, sources);
  app.addHook('onClose', async () => {
    flights.closeAll();
    backtests.close();
  });
  fileRoutes(app, sources, home.backtests);
  backtestRoutes(app, backtests);
  flightRoutes(app, flights, sources);
}

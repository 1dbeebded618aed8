/** The local exchange as it runs: its market by the clock on the wall, a server for each venue's face, the page, the script of faults. */
import type { ExchangeKey, FaceMaker } from './contract.ts';
import { type ExchangeClock, WallExchangeClock } from './core/exchange-clock.ts';
import { FaultDesk } from './core/faults.ts';
import { LocalExchange, type MarketSource } from './core/local-exchange.ts';
import { makeKeys } from './keys.ts';
import { FaceServer } from './server/face-server.ts';
import type { TimedFault } from './server/fault-orders.ts';
import { IndexPage, type ServedVenue } from './server/index-page.ts';

/** The market goes on, and frames go out, so often. */
const TURN_MS = 1;

export interface ExchangeHostSetup {
  /** The venues that are served, and by how much each one's port is above the page's. */
  readonly faces: readonly { readonly maker: FaceMaker; readonly offset: number }[];
  /** @param startNs when the market begins */
  readonly source: (startNs: number, epochDay: number) => MarketSource;
  readonly accounts: readonly string[];
  readonly cash: Readonly<Record<string, string>>;
  readonly seed: number;
  /** Of the page; 0: any free ports. */
  readonly port: number;
  readonly script: readonly TimedFault[];
  readonly complain: (error: unknown) => void;
  /** Its time; absent: that of the wall. */
  readonly clock?: ExchangeClock;
}

export interface ExchangeHost {
  readonly exchange: LocalExchange;
  readonly port: number;
  readonly venues: readonly { readonly venue: string; readonly port: number; readonly keys: readonly ExchangeKey[] }[];
  close(): void;
}

/** @throws InputError that names a port that is in use; RangeError when the market cannot be */
export async function openExchange(setup: ExchangeHostSetup): Promise<ExchangeHost> {
  const { faces, accounts, cash, seed, port, script, complain, clock = new WallExchangeClock() } = setup;
  const keys = new Map(faces.map(({ maker }) => [maker.venue, makeKeys(maker, accounts)]));
  const nowMs = (): number => clock.nowNs() / 1e6;
  const faults = new Map(faces.map(({ maker }) => [maker.venue, new FaultDesk(maker.venue, seed, nowMs)]));
  const exchange = new LocalExchange({
    source: setup.source(clock.nowNs(), clock.epochDay),
    clock,
    accounts,
    cash,
    keys: (venue) => keys.get(venue) ?? [],
    faults: (venue) => faults.get(venue)!,
    feesInReceived: new Set(faces.flatMap(({ maker }) => (maker.takesFeesInReceived === true ? [maker.venue] : []))),
  });
  const servers: FaceServer[] = [];
  const served: ServedVenue[] = [];
  const page = new IndexPage(exchange, served);
  const close = (): void => {
    clearInterval(turns);
    timers.forEach(clearTimeout);
    page.close();
    for (const server of servers) server.close();
  };
  const timers = script.map((fault) => setTimeout(() => page.order(fault), fault.atMs));
  const turns = setInterval(() => exchange.turn(), TURN_MS);
  try {
    const pagePort = await page.listen(port);
    for (const { maker, offset } of faces) {
      const desk = exchange.venues.find(({ venue }) => venue === maker.venue)!;
      const rules = faults.get(maker.venue)!;
      const server = new FaceServer({ face: maker.make(desk), faults: rules, complain });
      servers.push(server);
      served.push({
        desk,
        faults: rules,
        keyNames: keys.get(maker.venue)!.map(({ account, key }) => ({ account, key })),
        port: await server.listen(port === 0 ? 0 : port + offset),
        connections: () => server.connections,
      });
    }
    exchange.tellBooks();
    const venues = served.map(({ desk, port: at }) => ({ venue: desk.venue, port: at, keys: keys.get(desk.venue)! }));
    return { exchange, port: pagePort, venues, close };
  } catch (error) {
    close();
    throw error;
  }
}

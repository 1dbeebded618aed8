/** `quotewright exchange`: venues' own protocols on this machine, over a market of agents or a recording. */
import { once } from 'node:events';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { REDACTED } from '../audit/redactor.ts';
import { readConfig } from '../config/read-config.ts';
import { InputError } from '../data/report.ts';
import { type KnownVenue, writeKeys, writeVenues } from '../exchange/customer-files.ts';
import { type ExchangeHost, openExchange } from '../exchange/exchange-host.ts';
import type { ExchangeKey } from '../exchange/contract.ts';
import { FACES } from '../exchange/faces.ts';
import { replayMarket } from '../exchange/replay-market.ts';
import { type TimedFault, parseFaultScript } from '../exchange/server/fault-orders.ts';
import {
  type Market,
  type ServedFace,
  accountNames,
  cashOf,
  configuredMarket,
  facesOf,
  feesIn,
  livingMarket,
  namesIn,
} from '../exchange/setup.ts';
import { venueOf } from '../venues/registry.ts';
import { parseSeed } from './arguments.ts';
import { endWithOutput } from './lost-output.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function exchangeCommand() {
  return new Command('exchange')
    .description('venues on this machine, by their own protocols: point a bot at it instead of a testnet')
    .exitOverride()
    .option(
      '--port <number>',
      'of the page; each venue has one behind it, below; 0: any that are free',
      parsePort,
      8700,
    )
    .option('--venues <list>', `of ${FACES.map(({ venue }) => venue).join(', ')} (default: all)`)
    .option('--coins <list>', 'that are traded against dollars, as BTC,ETH,SOL (default: BTC,ETH)')
    .option('--seed <number>', 'of the market of agents, and of faults by chance', parseSeed, 1)
    .option('--market <file>', 'YAML of instruments, parameters and regimes, as calibrate writes it')
    .option('--replay <path>', 'a recording of levels in place of the market of agents')
    .option('--accounts <number>', 'accounts at each venue', '2')
    .option('--cash <list>', 'what each account has, as USD=100000,BTC=2 (default: about a million of each)')
    .option('--fees <maker,taker>', 'shares of the value, as 0.0002,0.0005 (default: those of the instruments)')
    .option('--faults <file>', 'YAML of faults and their times')
    .option('--write-venues <file>', 'write the addresses and the keys of the first account for --venues of a session')
    .option('--write-keys <file>', 'write the keys of all accounts (JSON, readable by you alone)')
    .option('--json', 'print one line of JSON when it listens', false)
    .addHelpText(
      'after',
      `\nPorts, whichever venues are served:\n${FACES.map(({ venue }, i) => `  --port + ${i + 1}  ${venue}`).join('\n')}\n`,
    )
    .action(async (flags) => {
      const { port, seed, json } = flags;
      if (flags.market !== undefined && flags.replay !== undefined) {
        throw new InputError('--market: found --replay too, expected one of them');
      }
      const played = flags.market === undefined ? (flags.replay === undefined ? undefined : '--replay') : '--market';
      if (flags.coins !== undefined && played === '--market') {
        throw new InputError('--coins: found --market too, whose instruments are traded');
      }
      const faces = facesOf(flags.venues, FACES);
      const accounts = accountNames(flags.accounts);
      const market = await marketOf(faces, flags);
      const served = faces.filter(({ maker }) => market.instruments.some(({ venue }) => venue === maker.venue));
      const cash = cashOf(flags.cash, market);
      const script = await scriptOf(flags.faults, served);
      const keys: ExchangeKey[] = [];
      const host = await openExchange({
        faces: served,
        source: market.source,
        accounts,
        cash,
        seed,
        port,
        script,
        complain: (error) => void process.stderr.write(complaintOf(error, keys)),
      }).catch((error: unknown) => {
        throw error instanceof RangeError ? new InputError(error.message) : error;
      });
      try {
        const { venues } = host;
        keys.push(...venues.flatMap((venue) => venue.keys));
        if (flags.writeKeys !== undefined) writeKeys(flags.writeKeys, venues);
        if (flags.writeVenues !== undefined) writeVenues(flags.writeVenues, venues, knownVenue);
        process.stdout.write(json ? `${JSON.stringify(introOf(host))}\n` : introText(host, flags.writeKeys));
        await asked();
      } finally {
        host.close();
      }
    });
}

interface MarketFlags {
  readonly coins?: string | undefined;
  readonly market?: string | undefined;
  readonly replay?: string | undefined;
  readonly fees?: string | undefined;
  readonly seed: number;
}

async function marketOf(faces: readonly ServedFace[], flags: MarketFlags): Promise<Market> {
  const fees = flags.fees === undefined ? undefined : feesIn(flags.fees);
  const coins = namesIn('--coins', flags.coins ?? 'BTC,ETH');
  const { seed } = flags;
  if (flags.replay !== undefined) {
    return replayMarket(faces, {
      path: flags.replay,
      coins: flags.coins === undefined ? undefined : coins,
      fees,
      seed,
    });
  }
  if (flags.market !== undefined) return configuredMarket(faces, flags.market, { seed, fees });
  return livingMarket(faces, { coins, seed, fees });
}

async function scriptOf(path: string | undefined, faces: readonly ServedFace[]): Promise<readonly TimedFault[]> {
  if (path === undefined) return [];
  const { faults } = await readConfig(path);
  return parseFaultScript(
    faults,
    faces.map(({ maker }) => maker.venue),
    `${path}: faults`,
  );
}

function knownVenue(name: string): KnownVenue | undefined {
  const venue = venueOf(name);
  const addresses = venue?.environments['live'];
  return venue === undefined || addresses === undefined ? undefined : { addresses, fields: venue.credentials };
}

/** Resolves when the exchange is to end. */
async function asked(): Promise<void> {
  const ends = new AbortController();
  const release = endWithOutput(() => ends.abort());
  const end = (): void => ends.abort();
  for (const signal of SIGNALS) process.once(signal, end);
  await once(ends.signal, 'abort');
  release();
  for (const signal of SIGNALS) process.off(signal, end);
}

function introOf({ port, venues }: ExchangeHost): object {
  return {
    page: `http://127.0.0.1:${port}`,
    venues: venues.map(({ venue, port: at }) => ({
      venue,
      rest: `http://127.0.0.1:${at}`,
      websocket: `ws://127.0.0.1:${at}`,
    })),
  };
}

function introText({ port, venues, exchange }: ExchangeHost, keysFile: string | undefined): string {
  const lines = venues.map(({ venue, port: at }) => {
    const desk = exchange.venues.find((each) => each.venue === venue)!;
    return `${venue.padEnd(20)}http://127.0.0.1:${at}  ${desk.instruments.map(({ symbol }) => symbol).join(' ')}`;
  });
  const keys = keysFile === undefined ? 'keys: give --write-keys FILE' : `keys: ${keysFile}`;
  return `page                http://127.0.0.1:${port}\n${lines.join('\n')}\n${keys}\nCtrl-C ends it\n`;
}

/** A face has failed. The exchange's own secrets, of which there may be thousands, are taken out of what it says. */
function complaintOf(error: unknown, keys: readonly ExchangeKey[]): string {
  let text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const { secret, passphrase, ecPrivate, edPrivate } of keys) {
    for (const each of [secret, passphrase, ecPrivate, edPrivate]) text = text.replaceAll(each, REDACTED);
  }
  return `quotewright: a face failed: ${text}\n`;
}

function parsePort(text: string): number {
  const value = Number(text);
  // Venues have the ports behind it.
  if (/^\d+$/u.test(text) && value <= 65_535 - FACES.length) return value;
  throw new InvalidArgumentError(`expected a port from 0 (any that is free) to ${65_535 - FACES.length}.`);
}

/** Where what the program keeps lies when nobody says where: `.quotewright` in the working folder, or QUOTEWRIGHT_HOME. */
import { join, resolve } from 'node:path';

export class Home {
  readonly dir: string;
  /** One folder a session: its journal and what belongs to it. */
  readonly sessions: string;
  /** Market data, files or folders, that backtests and the flight recorder offer. */
  readonly recordings: string;
  /** One folder a backtest that the server ran, with its report. */
  readonly backtests: string;
  /** One file a venue: what it listed when it was last asked. */
  readonly instruments: string;
  /** The token that was made here for who acts on the server; mode 0600. */
  readonly tokenFile: string;

  constructor(dir: string) {
    this.dir = resolve(dir);
    this.sessions = join(this.dir, 'sessions');
    this.recordings = join(this.dir, 'recordings');
    this.backtests = join(this.dir, 'backtests');
    this.instruments = join(this.dir, 'instruments');
    this.tokenFile = join(this.dir, 'token');
  }
}

export function defaultHome(environment: Readonly<Record<string, string | undefined>>): Home {
  return new Home(environment['QUOTEWRIGHT_HOME'] ?? '.quotewright');
}

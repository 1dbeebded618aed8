/** The session as REST and the stream's greeting tell it. */
import { basename } from 'node:path';
import type { Engine } from '@quotewright/core/engine/engine';
import { isDryRun } from '../journal/session-header.ts';
import type { ServerSetup } from './link.ts';
import type { SessionInfo } from './protocol/session.ts';
import { instrumentInfos, strategyInfos } from './views/instrument-info.ts';
import { epochDayMs } from './views/market-time.ts';

export function sessionOf({ dir, epoch, header, mode, speed }: ServerSetup, engine: Engine): SessionInfo {
  return {
    epoch,
    id: dir === undefined ? null : basename(dir),
    mode,
    isDryRun: isDryRun(header),
    version: header.program.version,
    seed: header.seed,
    startedMs: header.startedMs,
    speed,
    epochDayMs: epochDayMs(header.epochDay),
    instruments: instrumentInfos(engine.instruments),
    strategies: strategyInfos(engine),
  };
}

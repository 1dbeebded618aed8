/** What the server's routes and streams are given. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { ControlReply, ControlRequest } from '../risk/control-protocol.ts';
import type { Home } from '../home/home.ts';
import type { ServerSetup } from './link.ts';
import type { SessionInfo } from './protocol/session.ts';
import type { Readiness, SystemInfo } from './protocol/system.ts';
import type { LiveViews } from './views/live-views.ts';

export interface ServerContext {
  readonly setup: ServerSetup;
  readonly home: Home;
  /** The second engine; another one after the feed was lost, so do not keep it. */
  readonly engine: Engine;
  readonly views: LiveViews;
  /** As it is now. */
  session(): SessionInfo;
  system(): SystemInfo;
  readiness(): Readiness;
  /** Has the trading thread do something, between two of its slices. */
  ask(request: ControlRequest): Promise<ControlReply>;
}

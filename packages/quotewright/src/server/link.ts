/** What the trading thread and the server's thread share and say to each other. None of it is on the hot path but `feed`. */
import type { EngineState } from '@quotewright/core/engine/engine-state';
import type { Alert } from '../alerts/alert.ts';
import type { SessionHeader } from '../journal/session-header.ts';
import type { ControlReply, ControlRequest } from '../risk/control-protocol.ts';
import type { ServerConfig } from './config.ts';
import type { SessionInfo } from './protocol/session.ts';
import type { VenuesReport } from './protocol/venues.ts';

/** Given to the server's thread as its `workerData`. */
export interface ServerSetup {
  readonly config: ServerConfig;
  /** Builds the second engine. */
  readonly header: SessionHeader;
  readonly mode: SessionInfo['mode'];
  readonly epoch: string;
  readonly speed: number | null;
  /** The session's folder; absent: no journal. */
  readonly dir?: string | undefined;
  readonly home: string;
  /** A ring of the engine's inputs (`base/ring.ts`, words of a market event). */
  readonly feed: SharedArrayBuffer;
  /** What the trading thread measures of itself (`feed/host-stats.ts`). */
  readonly stats: SharedArrayBuffer;
  /** Where the engine stands when the feed begins; absent: it has taken no input. */
  readonly state?: EngineState | undefined;
  /** Inputs before the feed's first one. A recovered session's are in its journal. */
  readonly sequence: number;
}

export type ToServer =
  /** The ring was full and inputs were lost: the engine as it is now, after `sequence` inputs; the ring holds what comes after it. */
  | { readonly type: 'state'; readonly state: EngineState; readonly sequence: number }
  /** The trading engine's hashes after so many inputs. */
  | { readonly type: 'digest'; readonly sequence: number; readonly inputs: string; readonly outputs: string }
  | { readonly type: 'reply'; readonly id: number; readonly reply: ControlReply }
  | { readonly type: 'alert'; readonly alert: Alert }
  | { readonly type: 'acknowledged'; readonly number: number }
  /** What a restart was told by the venue; absent at sessions that never stopped. */
  | { readonly type: 'reconciled'; readonly isSettled: boolean; readonly text: string }
  /** How the ways to the venues are. Sessions without any never say it. */
  | { readonly type: 'venues'; readonly report: VenuesReport }
  /** The session has ended; the server closes when it is told to. */
  | { readonly type: 'over' }
  | { readonly type: 'close' };

export type FromServer =
  | { readonly type: 'listening'; readonly url: string }
  /** It cannot listen (the port is in use, a certificate cannot be read): one line. Before `listening` only. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'ask'; readonly id: number; readonly request: ControlRequest }
  /** Something an operator should know, as an alert of the host. */
  | { readonly type: 'complaint'; readonly severity: 'WARNING' | 'CRITICAL'; readonly detail: string };

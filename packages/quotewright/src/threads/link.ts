/** What the trading thread and a thread of market data share and say to each other. Records go through the ring; everything else is rare. */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import type { ConnectorStats } from '../venues/runtime/connector.ts';
import type { SharedMemories } from '../venues/runtime/shared-budget.ts';
import type { VenueEvent } from '../venues/runtime/venue-event.ts';
import type { VenueSettings } from '../venues/venue-settings.ts';

/** Given to the thread as its `workerData`. */
export interface FeedThreadSetup {
  readonly venue: string;
  readonly settings: VenueSettings;
  /** Instruments of this group, and the index of each in HEAD. */
  readonly specs: readonly InstrumentSpec[];
  readonly indices: readonly number[];
  /** Instruments of the engine. */
  readonly markets: number;
  readonly epochDay: number;
  /** One instant on the machine's monotonic clock (`machine-clock.ts`) and on the session's, Unix milliseconds: the thread counts on from it. */
  readonly monotonicMs: number;
  readonly unixMs: number;
  readonly isL3: boolean;
  readonly seed: number;
  /** Of feeds that need a key: its values by field. */
  readonly credentials: ReadonlyMap<string, Uint8Array> | undefined;
  /** Of the venue's budget, which all threads share. */
  readonly memories: SharedMemories;
  /** As the system shows the thread, and the processor it is bound to. */
  readonly name: string;
  readonly cpu: number | undefined;
  /** Market records (`base/ring.ts`); and one Int32 that counts how often some were put into it, to be waited on. */
  readonly ring: SharedArrayBuffer;
  readonly signal: SharedArrayBuffer;
}

export type FromFeedThread =
  /** It runs; what could not be done about its name and processor, or nothing. */
  | { readonly type: 'open'; readonly warning: string }
  /** It cannot begin: one line. */
  | { readonly type: 'failed'; readonly message: string }
  /** Records that were put into the ring before are older. */
  | { readonly type: 'connection'; readonly isUp: boolean; readonly nowNs: number }
  | { readonly type: 'event'; readonly event: VenueEvent }
  | { readonly type: 'stats'; readonly stats: ConnectorStats };

/** The only message to the thread: it is to end. */
export const CLOSE = 'close';

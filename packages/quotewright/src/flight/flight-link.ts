/** What a flight's thread and the server's thread say to each other. */
import type { FindKind, FlightInfo, Source } from '../server/protocol/research.ts';

/** Given to the thread as its `workerData`. */
export interface FlightTask {
  readonly kind: Source['kind'];
  /** Of the journal's folder, or of the recording. */
  readonly path: string;
  /** Folder for what the flight keeps on disk while it is open. */
  readonly dir: string;
}

export type FlightQuestion =
  | { readonly ask: 'overview' }
  /** The moment after an event, or at a time (Unix milliseconds of the flight's clock). */
  | { readonly ask: 'moment'; readonly event: number }
  | { readonly ask: 'moment'; readonly timeMs: number }
  | { readonly ask: 'events'; readonly from: number; readonly count: number }
  | {
      readonly ask: 'find';
      readonly kind: FindKind;
      readonly from: number;
      readonly direction: 'next' | 'previous';
    };

export type ToFlight = FlightQuestion & { readonly id: number };

/** What the thread knows of the flight. */
export type FlightKnown = Omit<FlightInfo, 'id' | 'source' | 'state' | 'failure'>;

export type FromFlight =
  | { readonly type: 'progress'; readonly known: FlightKnown }
  | { readonly type: 'ready'; readonly known: FlightKnown }
  /** One line. */
  | { readonly type: 'failed'; readonly message: string }
  /** JSON; notes may have come since. */
  | { readonly type: 'answer'; readonly id: number; readonly json: string; readonly notes: readonly string[] }
  /** It cannot be answered: a line that says why. `isFault`: ours, not of who asks. */
  | { readonly type: 'refused'; readonly id: number; readonly message: string; readonly isFault: boolean };

/** What the decoder of one venue's frames does. Frames are given to it in the order of the recording. */
import type { ClockOffset } from './clock-offset.ts';

export interface WireDecoder {
  /** Local against venue time, as far as messages tell both. */
  readonly clock: ClockOffset;
  /** The body of a REST response: instrument listings, book snapshots. */
  http(url: string, body: unknown): void;
  /** A parsed WebSocket message, and the name of the connection that it came over. */
  receive(message: unknown, connection: string): void;
  /** A WebSocket connection was made again: what it would have carried in between is lost. */
  reconnected(connection: string): void;
}

/** A protocol of the feed: which frames it sends, and what it makes of those that come. */
import type { KrakenBook } from './book.ts';

export interface KrakenDecoder {
  /** Frames that subscribe to everything on a new connection. */
  subscribeAll(): readonly string[];
  /** Frames that end the subscription to a book and begin it again. */
  resubscribe(book: KrakenBook): readonly string[];
  ping(): string;
  /** Takes a frame. */
  message(bytes: Uint8Array, nowNs: number): void;
}

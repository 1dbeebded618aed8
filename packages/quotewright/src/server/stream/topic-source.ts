/** Where a topic's data come from. One instance a topic, polled by the hub. */
import type { LevelEntry } from '../protocol/stream.ts';

/** How deltas of a topic are merged: by level, by appending, or the newest is all. */
export type TopicShape = 'book' | 'list' | 'state';

export interface TopicSource {
  readonly topic: string;
  readonly shape: TopicShape;
  /** Milliseconds between two updates at least. */
  readonly intervalMs: number;
  /** What has changed since `poll` or `snapshot` was called last, as the delta's data; undefined: nothing. */
  poll(): object | undefined;
  /** The whole, as it stood when `poll` was called last. */
  snapshot(): object;
}

/** A delta of shape `book`: sizes by level, 0 = gone, and whatever else is the newest. */
export interface BookDelta {
  readonly bids: readonly LevelEntry[];
  readonly asks: readonly LevelEntry[];
}

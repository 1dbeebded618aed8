/** A subscriber inside the process: the mirror in Redis, and whatever else repeats the topics elsewhere. */
import type { EncodedUpdate } from './encoded-update.ts';
import type { StreamHub, Subscriber } from './hub.ts';
import type { StreamTopic } from './stream-topic.ts';

/**
 * Hands on a snapshot of each topic, then deltas, while `canTake` says so; what comes meanwhile is merged. `EncodedUpdate.bytes('json')`
 * is the text that clients get too, made once. What it answers ends it.
 * @throws RangeError when there is no such topic
 */
export function listen(
  hub: StreamHub,
  topics: readonly string[],
  take: (update: EncodedUpdate) => void,
  canTake: () => boolean,
): () => void {
  const subscriber: Subscriber = {
    held: new Map<StreamTopic, number>(),
    toldSession: 0,
    nextMs: 0,
    canTake,
    take,
    begin: ignore,
    end: ignore,
    takeSession: ignore,
    beat: ignore,
  };
  hub.add(subscriber);
  for (const topic of topics) {
    if (!hub.subscribe(subscriber, topic)) throw new RangeError(`there is no topic '${topic}'`);
  }
  return () => hub.remove(subscriber);
}

function ignore(): void {
  // The session and the connection are no concern of a mirror of topics.
}

/** What a topic's name tells: its kind, how much of a list is kept. */
import { LIST_LENGTH } from '../protocol/stream.ts';

/** `book` of `book:venue:symbol`. */
export function topicKind(topic: string): string {
  const colon = topic.indexOf(':');
  return colon < 0 ? topic : topic.slice(0, colon);
}

/** Items that a list topic holds at most. */
export function listLength(topic: string): number {
  return new Map<string, number>(Object.entries(LIST_LENGTH)).get(topicKind(topic)) ?? 0;
}

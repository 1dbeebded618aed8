/**
 * Marks between the inputs in the feed's ring: records of a kind that no input has. SEQ = inputs of the whole session before the mark.
 */
import { Field } from '@quotewright/core/market/event';

export const FeedMark = {
  /** Both ends note their hashes here, to be compared when the message `digest` of the same sequence comes. */
  CHECK: 254,
  /** Inputs were lost before it: what follows goes on from the message `state` of the same sequence. */
  STATE: 255,
} as const;

const { HEAD, SEQ } = Field;

export function writeMark(record: Float64Array, mark: number, sequence: number): void {
  record.fill(0);
  record[HEAD] = mark;
  record[SEQ] = sequence;
}

/** The mark that a record is; 0 when it is an input. */
export function markAt(data: Float64Array, offset: number): number {
  const head = data[offset + HEAD]! | 0;
  return head === FeedMark.CHECK || head === FeedMark.STATE ? head : 0;
}

export function markSequence(data: Float64Array, offset: number): number {
  return data[offset + SEQ]!;
}

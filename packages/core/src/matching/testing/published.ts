/** Events of a buffer as objects. */
import { EventField, type MatchEventBuffer, eventKind, eventReason, eventSide, isGone } from '../events.ts';

export interface Published {
  readonly kind: number;
  readonly reason: number;
  readonly side: number;
  readonly isGone: boolean;
  readonly ref: number;
  readonly slot: number;
  /** Generation, or the maker's REF in a trade. */
  readonly last: number;
  readonly price: number;
  readonly lots: number;
}

export function readEvents({ ints, doubles, length }: MatchEventBuffer): Published[] {
  const int = (record: number, field: number): number => ints[(record << 3) | field]!;
  const double = (record: number, field: number): number => doubles[(record << 2) | field]!;
  return Array.from({ length }, (_, record) => {
    const head = int(record, EventField.HEAD);
    return {
      kind: eventKind(head),
      reason: eventReason(head),
      side: eventSide(head),
      isGone: isGone(head),
      ref: int(record, EventField.REF),
      slot: int(record, EventField.SLOT),
      last: int(record, EventField.GENERATION),
      price: double(record, EventField.PRICE),
      lots: double(record, EventField.LOTS),
    };
  });
}

/** Names for the kinds of records and for what each field of a record means, by kind. */
import { EventKind } from '@quotewright/core/market/event';
import { InputKind, ReportKind } from '@quotewright/core/trading/records';

/** `SNAPSHOT_BEGIN` → `snapshot-begin`. Two kinds are called STATUS: the venue's of trading keeps the shorter name. */
export const KIND_NAMES: ReadonlyMap<number, string> = new Map(
  [EventKind, ReportKind, InputKind]
    .flatMap((kinds) => Object.entries(kinds))
    .map(([name, kind]) => [kind, kind === ReportKind.STATUS ? 'order-status' : name.toLowerCase().replace('_', '-')]),
);

export const kindName = (kind: number): string => KIND_NAMES.get(kind) ?? `kind-${kind}`;

/** What a field says, by kind; absent: it says nothing. */
export interface FieldNames {
  readonly hasSide?: boolean;
  /** PRICE_TICKS, SIZE_LOTS as decimals of the instrument. */
  readonly hasPrice?: boolean;
  readonly hasSize?: boolean;
  /** Names of ORDER_ID, SEQ and AUX as they are. */
  readonly order?: string;
  readonly number?: string;
  readonly aux?: string;
  /** Names of PRICE_TICKS and SIZE_LOTS as they are. */
  readonly value?: string;
  readonly value2?: string;
  /** AUX is a rate in parts per billion of this name. */
  readonly rate?: string;
  /** AUX is a `Reject`. */
  readonly hasReason?: boolean;
  /** It concerns no instrument. */
  readonly isGlobal?: boolean;
}

const BOOK: FieldNames = { hasSide: true, hasPrice: true, hasSize: true, number: 'updateId' };
const L3: FieldNames = { ...BOOK, order: 'venueOrder' };
const ANSWER: FieldNames = { hasSide: true, order: 'order' };

export const FIELD_NAMES: Readonly<Record<number, FieldNames>> = {
  [EventKind.LEVEL]: BOOK,
  [EventKind.TRADE]: { ...BOOK, number: 'tradeId', order: 'venueOrder', aux: 'takerOrder' },
  [EventKind.QUOTE]: BOOK,
  [EventKind.ORDER_ADD]: L3,
  [EventKind.ORDER_SET]: L3,
  [EventKind.ORDER_REMOVE]: L3,
  [EventKind.ORDER_EXEC]: { ...L3, aux: 'takerOrder' },
  [EventKind.ORDER_REDUCE]: L3,
  [EventKind.SNAPSHOT_BEGIN]: { number: 'updateId' },
  [EventKind.SNAPSHOT_END]: { number: 'updateId' },
  [EventKind.GAP]: { number: 'updateId' },
  [EventKind.CHECKSUM]: { number: 'checksum' },
  [EventKind.STATUS]: { value2: 'status' },
  [ReportKind.ACK]: { ...ANSWER, hasPrice: true, hasSize: true, number: 'venueOrder' },
  [ReportKind.REJECT]: { ...ANSWER, hasReason: true },
  [ReportKind.FILL]: { ...ANSWER, hasPrice: true, hasSize: true, number: 'execution', rate: 'feeRate' },
  [ReportKind.CANCELLED]: { ...ANSWER, hasSize: true, hasReason: true },
  [ReportKind.CANCEL_REJECT]: { ...ANSWER, hasReason: true },
  [ReportKind.AMENDED]: { ...ANSWER, hasPrice: true, hasSize: true },
  [ReportKind.AMEND_REJECT]: { ...ANSWER, hasReason: true },
  [ReportKind.STATUS]: { ...ANSWER, hasPrice: true, hasSize: true, number: 'venueOrder', aux: 'filledLots' },
  [InputKind.WAKE]: { isGlobal: true },
  [InputKind.FUNDING]: { value: 'markTicks', rate: 'fundingRate' },
  [InputKind.COMMAND]: { order: 'alert', number: 'command' },
  [InputKind.CONNECTION]: { value2: 'connected' },
  [InputKind.LIMIT]: { isGlobal: true, number: 'limit', order: 'scope', value: 'value' },
  [InputKind.VAR]: { isGlobal: true, value: 'valueAtRisk', value2: 'expectedShortfall' },
  [InputKind.PARAMETER]: { isGlobal: true, order: 'strategy', number: 'parameter', value: 'value' },
  [InputKind.ADOPT]: { ...ANSWER, hasPrice: true, hasSize: true, order: 'venueOrder', number: 'strategy' },
};

/**
 * The state machine of own orders: one table, state × input → next state. A cell of 0 means that the input does not concern an
 * order in that state: nothing changes.
 *
 * Principles. What a venue says of an order's end is evidence; silence and refusals are not. An order that nobody has answered
 * for is UNKNOWN and counts as open until a report settles it. An execution always counts, also of an order that is
 * finished: positions come from executions only. One request of an order is in flight at a time, so a cancel or an amendment is
 * not sent before the answer to the request before (exception: an UNKNOWN order may be cancelled, which is how to ask).
 */
import { OrderState } from './order-state.ts';

/** What happens to an order. */
export const OrderInput = {
  /** Accepted (ACK). */
  ACKED: 0,
  /** The new order was refused (REJECT). */
  REFUSED: 1,
  /** Traded in part (FILL). */
  PART: 2,
  /** Nothing can be open any more, by executions: a FILL of the rest, or an answer to an amendment that leaves nothing. */
  COMPLETE: 3,
  /** The venue says that it is gone (CANCELLED), asked for or not. */
  ENDED: 4,
  /** The venue knows the order and refuses to cancel it now (overload, halt). */
  CANCEL_REFUSED: 5,
  /** It stands at new terms (AMENDED). */
  AMENDED: 6,
  /** The venue knows the order and leaves it as it was. */
  AMEND_REFUSED: 7,
  /** A cancel or an amendment was refused because the venue does not know the order, or for a reason that does not tell. */
  DENIED: 8,
  /** The venue denies it again, at least the time-out after the first time: what it sent before has arrived by now. */
  DENIED_AGAIN: 9,
  /** STATUS: it is open. */
  SEEN_OPEN: 10,
  /** STATUS: nothing of it is open. */
  SEEN_GONE: 11,
  /** A request was not answered in time. */
  TIMEOUT: 12,
  /** The connection went. */
  DISCONNECTED: 13,
  /** We ask for its cancel; 0 = may not be asked now. */
  SEND_CANCEL: 14,
  /** We ask for other terms; 0 = may not be asked now. */
  SEND_AMEND: 15,
} as const;
export type OrderInput = (typeof OrderInput)[keyof typeof OrderInput];

const {
  LIVE,
  PENDING_CANCEL: CANCEL,
  PENDING_AMEND: AMEND,
  UNKNOWN: UNKN,
  FILLED,
  CANCELLED: GONE,
  REJECTED: REJD,
} = OrderState;

/**
 * Next state at `state << 4 | input`.
 *
 * - A partial fill before the acknowledgement proves that the order stands: LIVE, and the acknowledgement that follows is
 *   no news. Of an UNKNOWN order it says what was, not what is: UNKNOWN.
 * - A refusal of the new order that comes after signs of life contradicts them: UNKNOWN. After a cancel sent from UNKNOWN it is
 *   the answer that was missing: REJECTED.
 * - A denied order is UNKNOWN, for its last execution may be on the way; denied again after the time-out it is gone.
 * - An inquiry may overtake a new order, so that the venue does not see a PENDING_NEW is no evidence.
 */
export const TRANSITIONS: Uint8Array = Uint8Array.from(
  [
    // ACKED REFUSED PART COMPLETE ENDED CANCEL_REF AMENDED AMEND_REF DENIED AGAIN SEEN_OPEN SEEN_GONE TIMEOUT DISCONN CANCEL AMEND
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // no order
    [LIVE, REJD, LIVE, FILLED, GONE, 0, LIVE, 0, 0, 0, LIVE, 0, UNKN, UNKN, 0, 0], // PENDING_NEW
    [0, UNKN, LIVE, FILLED, GONE, 0, LIVE, 0, UNKN, GONE, LIVE, GONE, 0, UNKN, CANCEL, AMEND], // LIVE
    [CANCEL, REJD, CANCEL, FILLED, GONE, LIVE, CANCEL, 0, UNKN, GONE, CANCEL, GONE, UNKN, UNKN, 0, 0], // PENDING_CANCEL
    [0, UNKN, AMEND, FILLED, GONE, 0, LIVE, LIVE, UNKN, GONE, AMEND, GONE, UNKN, UNKN, 0, 0], // PENDING_AMEND
    [LIVE, REJD, UNKN, FILLED, GONE, LIVE, LIVE, LIVE, UNKN, GONE, LIVE, GONE, 0, 0, CANCEL, 0], // UNKNOWN
    [0, 0, FILLED, FILLED, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // FILLED
    [0, 0, GONE, GONE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // CANCELLED
    [0, 0, REJD, REJD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // REJECTED
  ].flat(),
);

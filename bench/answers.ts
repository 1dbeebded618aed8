/** A venue of benches: answers each request at once with what was asked for. */
import { Field, packHead } from '@quotewright/core/market/event';
import { Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const ANSWERS = new Map<number, number>([
  [RequestKind.NEW, ReportKind.ACK],
  [RequestKind.CANCEL, ReportKind.CANCELLED],
  [RequestKind.AMEND, ReportKind.AMENDED],
]);

/** The report on a request, both of them records. */
export function answerOf(request: Float64Array): Float64Array {
  const answer = request.slice();
  const head = request[HEAD]!;
  answer[HEAD] = packHead(ANSWERS.get(head & 0xff)!, (head >> 8) & 1, 0);
  answer[VENUE_NS] = request[LOCAL_NS]!;
  answer[PRICE_TICKS] = request[PRICE_TICKS]!;
  answer[SIZE_LOTS] = request[SIZE_LOTS]!;
  answer[ORDER_ID] = request[ORDER_ID]!;
  answer[SEQ] = 0;
  answer[AUX] = Reject.REQUESTED;
  return answer;
}

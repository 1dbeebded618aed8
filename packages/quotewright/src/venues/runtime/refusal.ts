/** What the engine is told of a request that could not be sent: the order is as it was. */
import { EVENT_STRIDE, Field, headFlags, headInstrument, headKind, packHead } from '@quotewright/core/market/event';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';

const { HEAD, VENUE_NS, LOCAL_NS, AUX } = Field;

const REFUSALS: Readonly<Record<number, number>> = {
  [RequestKind.NEW]: ReportKind.REJECT,
  [RequestKind.CANCEL]: ReportKind.CANCEL_REJECT,
  [RequestKind.AMEND]: ReportKind.AMEND_REJECT,
};

/** Answers the request at `data[offset]` with OVERLOADED. */
export function putRefusal(out: RecordQueue, data: Float64Array, offset: number, nowNs: number): void {
  const head = data[offset + HEAD]!;
  const kind = REFUSALS[headKind(head)];
  if (kind === undefined) return;
  const at = out.reserve();
  const to = out.data;
  to.set(data.subarray(offset, offset + EVENT_STRIDE), at);
  to[at + HEAD] = packHead(kind, headFlags(head) & OrderFlag.BUY, headInstrument(head));
  to[at + VENUE_NS] = nowNs;
  to[at + LOCAL_NS] = nowNs;
  to[at + AUX] = Reject.OVERLOADED;
}

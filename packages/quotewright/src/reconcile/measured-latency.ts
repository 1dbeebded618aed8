/** How long a live session's requests were on their way: half of the median time in which a new order was acknowledged. */
import { EVENT_STRIDE, Field, headKind } from '@quotewright/core/market/event';
import { ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { PlannedStrategy } from '../backtest/plan.ts';
import { readJournal } from '../journal/reader.ts';
import { headerEngine } from '../journal/replay-engine.ts';
import type { SessionHeader } from '../journal/session-header.ts';

const { HEAD, LOCAL_NS, ORDER_ID } = Field;

/** As an option is written; undefined: nothing was acknowledged. */
export function measuredLatency(
  dir: string,
  header: SessionHeader,
  strategies: readonly PlannedStrategy[],
): string | undefined {
  const sentNs = new Map<number, number>();
  const tookNs: number[] = [];
  const engine = headerEngine(header, { strategies });
  const carrier = {
    send: (data: Float64Array, at: number): void => {
      if (headKind(data[at + HEAD]! | 0) === RequestKind.NEW) sentNs.set(data[at + ORDER_ID]!, data[at + LOCAL_NS]!);
    },
  };
  for (const item of readJournal(dir)) {
    if (item.kind !== 'records') continue;
    const { data, count } = item;
    for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
      if (headKind(data[at + HEAD]! | 0) === ReportKind.ACK) {
        const sent = sentNs.get(data[at + ORDER_ID]!);
        if (sent !== undefined && sentNs.delete(data[at + ORDER_ID]!)) tookNs.push(data[at + LOCAL_NS]! - sent);
      }
      engine.input(data, at);
      if (engine.hasRequests) engine.takeRequests(carrier);
    }
  }
  const median = tookNs.toSorted((a, b) => a - b)[Math.floor(tookNs.length / 2)];
  return median === undefined ? undefined : `${Math.round(median / 2)}ns`;
}

/** How long a live session's requests were on their way: half of the median time in which a venue acknowledged new orders. */
import { EVENT_STRIDE, Field, headInstrument, headKind } from '@quotewright/core/market/event';
import { ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { PlannedStrategy } from '../backtest/plan.ts';
import { readJournal } from '../journal/reader.ts';
import { headerEngine } from '../journal/replay-engine.ts';
import type { SessionHeader } from '../journal/session-header.ts';

const { HEAD, LOCAL_NS, ORDER_ID } = Field;

/**
 * By venue, as an option is written.
 * @param otherwise of a venue that has acknowledged nothing
 */
export function measuredLatency(
  dir: string,
  header: SessionHeader,
  strategies: readonly PlannedStrategy[],
  otherwise: string,
): string {
  const venues = header.instruments.map(({ venue }) => venue);
  const tookNs = new Map<string, number[]>(venues.map((venue) => [venue, []]));
  const sentNs = new Map<number, number>();
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
        const venue = venues[headInstrument(data[at + HEAD]! | 0)]!;
        if (sent !== undefined && sentNs.delete(data[at + ORDER_ID]!)) {
          tookNs.get(venue)!.push(data[at + LOCAL_NS]! - sent);
        }
      }
      engine.input(data, at);
      if (engine.hasRequests) engine.takeRequests(carrier);
    }
  }
  const told = [...tookNs].flatMap(([venue, times]) => {
    const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
    return median === undefined ? [] : [`${venue}=${Math.round(median / 2)}ns`];
  });
  if (told.length === tookNs.size) return told.join(',');
  const others = otherwise.split(',').filter((part) => (tookNs.get(part.split('=', 1)[0]!.trim())?.length ?? 0) === 0);
  return [...told, ...others].join(',');
}

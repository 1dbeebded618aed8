import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { EVENT_STRIDE, Field, headKind, packHead } from '../market/event.ts';
import { Reject, ReportKind, RequestKind } from '../trading/records.ts';
import type { LatencyModel } from '../venue-sim/latency.ts';
import { ScriptedVenue } from './testing/scripted-venue.ts';
import { Wire } from './wire.ts';

const { HEAD, LOCAL_NS, ORDER_ID, VENUE_NS, AUX, PRICE_TICKS, SIZE_LOTS } = Field;

const latency = (entryNs: () => number, reportNs: () => number): LatencyModel => ({
  entryNs,
  reportNs,
  feedNs: () => 0,
});

function request(kind: number, order: number, nowNs: number): Float64Array {
  const record = new Float64Array(EVENT_STRIDE);
  record[HEAD] = packHead(kind, 0, 0);
  record[LOCAL_NS] = nowNs;
  record[ORDER_ID] = order;
  record[PRICE_TICKS] = 100;
  record[SIZE_LOTS] = 3;
  return record;
}

interface Arrived {
  readonly kind: number;
  readonly order: number;
  readonly ns: number;
  readonly venueNs: number;
  readonly aux: number;
}

/** Lets everything on the wire arrive, as a driver does, and answers the reports. */
function drain(wire: Wire): Arrived[] {
  const arrived: Arrived[] = [];
  while (Math.min(wire.nextReportNs, wire.nextRequestNs) < Infinity) {
    if (wire.nextReportNs <= wire.nextRequestNs) {
      const { data } = wire.nextReport;
      const at = wire.nextReport.peek();
      const ns = wire.nextReportNs;
      arrived.push({
        kind: headKind(data[at + HEAD]!),
        order: data[at + ORDER_ID]!,
        ns,
        venueNs: data[at + VENUE_NS]!,
        aux: data[at + AUX]!,
      });
      wire.shiftReport();
    } else wire.deliverRequest();
  }
  return arrived;
}

describe('the wire', () => {
  it.each([1, 2, 3])('lets no message overtake another, and none come before it can (seed %i)', (seed) => {
    const random = Random.stream(seed, 'wire');
    const jitter = (): number => random.below(1000);
    const log: string[] = [];
    const venue = new ScriptedVenue(log);
    const wire = new Wire(venue, latency(jitter, jitter));
    const sentNs: number[] = [];
    for (let order = 1, ns = 0; order <= 500; order++) {
      ns += random.below(50);
      sentNs.push(ns);
      wire.send(request(RequestKind.NEW, order, ns), 0);
    }
    const reports = drain(wire);
    const arrivals = log.map((line) => Number(line.split(' ')[0]));
    expect(log.map((line) => Number(line.split(' ')[2]))).toEqual(sentNs.map((_, i) => i + 1));
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b));
    expect(arrivals.every((ns, i) => ns >= sentNs[i]!)).toBe(true);
    expect(reports.map(({ order }) => order)).toEqual(sentNs.map((_, i) => i + 1));
    const times = reports.map(({ ns }) => ns);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(reports.every(({ ns, venueNs }) => ns >= venueNs)).toBe(true);
  });

  it('refuses where the latency is negative: the venue never sees it, and the refusal is back after its absolute value', () => {
    const log: string[] = [];
    const entries = [100, -40, -10, 100, -5];
    const wire = new Wire(
      new ScriptedVenue(log),
      latency(
        () => entries.shift() ?? 0,
        () => 50,
      ),
    );
    const kinds = [RequestKind.NEW, RequestKind.NEW, RequestKind.AMEND, RequestKind.CANCEL, RequestKind.CANCEL];
    for (const [i, kind] of kinds.entries()) wire.send(request(kind, i + 1, 1000), 0);
    const { ACK, CANCELLED, REJECT, AMEND_REJECT, CANCEL_REJECT } = ReportKind;
    expect(drain(wire).map(({ kind, order, ns, aux }) => [kind, order, ns, aux])).toEqual([
      [REJECT, 2, 1040, Reject.OVERLOADED],
      // Refusals do not overtake one another either.
      [AMEND_REJECT, 3, 1040, Reject.OVERLOADED],
      [CANCEL_REJECT, 5, 1040, Reject.OVERLOADED],
      [ACK, 1, 1150, 0],
      [CANCELLED, 4, 1150, 0],
    ]);
    expect(log).toEqual(['1100 NEW 1 arrives', '1100 CANCEL 4 arrives']);
  });

  it('holds thousands of messages under way', () => {
    const venue = new ScriptedVenue();
    const wire = new Wire(
      venue,
      latency(
        () => 1e6,
        () => 1e6,
      ),
    );
    for (let i = 1; i <= 3000; i++) wire.send(request(RequestKind.NEW, i, i), 0);
    expect(drain(wire).map(({ order }) => order)).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1));
  });
});

/** What is wrong with a recording, and what a person should know about it, in words. */
import { nsToIso } from '@quotewright/core/base/time';
import { EventKind } from '@quotewright/core/market/event';
import type { Recording } from './recording.ts';
import type { InstrumentWatch, Watch } from './watch.ts';

export interface Finding {
  /** Empty when it concerns the whole recording. */
  readonly instrument: string;
  readonly what: string;
  readonly count: number;
  /** Where it was found first: a line, an event, a time. */
  readonly first: string;
}

/** Problems, after the recording has been read to its end. `data validate` fails on any. */
export function problemsOf(recording: Recording, watch: Watch): Finding[] {
  const { report } = recording;
  const problems: Finding[] = [];
  for (const [kind, bad] of report.bad) {
    const first = `line ${bad.firstLine}: ${bad.example}`;
    problems.push({ instrument: '', what: `bad rows: ${kind}`, count: bad.count, first });
  }
  if (report.gaps > 0) {
    problems.push({ instrument: '', what: 'sequence gaps', count: report.gaps, first: `line ${report.gapLines[0]}` });
  }
  if (report.duplicates > 0) {
    const first = `line ${report.firstDuplicateLine}`;
    problems.push({ instrument: '', what: 'duplicates', count: report.duplicates, first });
  }
  watch.instruments.forEach((each, index) => {
    const instrument = recording.instruments[index]!.symbol;
    for (const { what, count, first } of ofInstrument(each, recording.epochDay)) {
      if (count > 0) problems.push({ instrument, what, count, first });
    }
  });
  return problems;
}

function ofInstrument(each: InstrumentWatch, epochDay: number): Omit<Finding, 'instrument'>[] {
  const { venue, local, book } = each;
  return [
    {
      what: 'venue time goes back',
      count: venue.backwards,
      first: `event ${venue.firstBackwards}; at most ${duration(venue.farthest)}`,
    },
    {
      what: 'local time goes back',
      count: local.backwards,
      first: `event ${local.firstBackwards}; at most ${duration(local.farthest)}`,
    },
    {
      what: 'book crossed or locked',
      count: each.crossings,
      first: `event ${each.firstCrossed}${timeOf(each.firstCrossedNs, epochDay)}; for ${each.crossedMessages} messages in all`,
    },
    { what: 'orders not in the book', count: book.unknownIds, first: '' },
    { what: 'orders added twice', count: book.duplicateIds, first: '' },
    { what: 'more executed than was open', count: book.overfills, first: '' },
    { what: 'orders the book had no room for', count: book.refused, first: '' },
  ];
}

/** The time of day, `, 13:38:22.057`; nothing when it is not known. */
function timeOf(ns: number, epochDay: number): string {
  return Number.isNaN(ns) ? '' : `, ${nsToIso(ns, epochDay).slice(11, 23)}`;
}

/** Facts that are no fault of the data, one line each. */
export function notesOf(recording: Recording, watch: Watch): string[] {
  const notes = [...recording.report.notes];
  for (const [kind, count] of recording.report.ignored) notes.push(`${grouped(count)} rows left out: ${kind}`);
  const gaps = watch.count(EventKind.GAP);
  if (gaps > 0) notes.push(`the book was stale after ${grouped(gaps)} gaps, each until the next snapshot`);
  watch.instruments.forEach(({ events, venue, local, latency }, index) => {
    const { symbol } = recording.instruments[index]!;
    if (events === 0) return;
    if (venue.isEmpty) notes.push(`${symbol}: the venue gave no times`);
    if (local.isEmpty) notes.push(`${symbol}: times of receipt were not recorded`);
    if (latency.min < 0) {
      notes.push(
        `${symbol}: clocks differ: received up to ${duration(-latency.min)} before the venue's time; shift one clock before use`,
      );
    }
  });
  return notes;
}

/** Nanoseconds in the unit that suits them. */
export function duration(ns: number): string {
  const size = Math.abs(ns);
  if (size < 1e3) return `${ns} ns`;
  if (size < 1e6) return `${rounded(ns / 1e3)} µs`;
  if (size < 1e9) return `${rounded(ns / 1e6)} ms`;
  if (size < 120e9) return `${rounded(ns / 1e9)} s`;
  if (size < 7200e9) return `${rounded(ns / 60e9)} min`;
  return size < 172_800e9 ? `${rounded(ns / 3600e9)} h` : `${rounded(ns / 86_400e9)} days`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

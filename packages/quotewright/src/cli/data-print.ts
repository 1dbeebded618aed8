/** What `data inspect` and `data validate` print: for people in 80 columns, for machines as one JSON value. */
import { nsToIso } from '@quotewright/core/base/time';
import { EventKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import pc from 'picocolors';
import { duration, type Finding, grouped, notesOf } from '../data/findings.ts';
import type { Recording } from '../data/recording.ts';
import type { InstrumentWatch, Range, Watch } from '../data/watch.ts';
import { plainTable } from './plain-table.ts';

/** Instruments that get a row of their own; a file of a thousand options would scroll everything else away. */
const SHOWN_INSTRUMENTS = 20;
const TEXT_WIDTH = 78;
const COUNT_WIDTH = 11;

/** `SNAPSHOT_BEGIN` → `snapshot begin`. */
const KIND_NAMES = Object.entries(EventKind).map(
  ([name, kind]) => [kind, name.toLowerCase().replace('_', ' ')] as const,
);

export function inspectionText(path: string, bytes: number, recording: Recording, watch: Watch): string {
  const { report, instruments, isL3 } = recording;
  const size = bytes === 0 ? '' : `, ${sizeText(bytes)}`;
  const lines = [
    `${pc.bold(path)}  ${recording.format}${size}, ${isL3 ? 'order by order (L3)' : 'levels (L2)'}`,
    `${grouped(report.rows)} rows, ${grouped(report.badRows)} of them bad; ${grouped(watch.events)} events of ${instruments.length} instrument${instruments.length === 1 ? '' : 's'}`,
    '',
    eventTable(watch),
  ];
  const shown = instruments.slice(0, SHOWN_INSTRUMENTS);
  shown.forEach((instrument, index) => {
    const each = watch.instruments[index];
    if (each !== undefined) lines.push('', instrumentText(instrument, each, recording.epochDay));
  });
  if (instruments.length > shown.length) {
    lines.push('', `… and ${instruments.length - shown.length} more instruments; --json has them all`);
  }
  return `${lines.join('\n')}\n`;
}

/** Problems and notes; one line when there are none. */
export function findingsText(problems: readonly Finding[], notes: readonly string[]): string {
  const lines: string[] = [];
  for (const { instrument, what, count, first } of problems) {
    const named = instrument === '' ? what : `${instrument}: ${what}`;
    lines.push(`${pc.red(grouped(count).padStart(COUNT_WIDTH))}  ${named}`);
    if (first !== '') lines.push(`${' '.repeat(COUNT_WIDTH)}  ${pc.dim(shortened(`first: ${first}`))}`);
  }
  for (const note of notes) lines.push(wrapped(`note: ${note}`));
  const kinds = `problems of ${problems.length} kind${problems.length === 1 ? '' : 's'} found`;
  lines.push(problems.length === 0 ? pc.green('no problems found') : pc.red(kinds));
  return `${lines.join('\n')}\n`;
}

export function inspectionJson(path: string, recording: Recording, watch: Watch, problems: readonly Finding[]): string {
  const { report, epochDay } = recording;
  const time = (ns: number): string | null => (Number.isFinite(ns) ? nsToIso(ns, epochDay) : null);
  const value = {
    path,
    format: recording.format,
    book: recording.isL3 ? 'L3' : 'L2',
    rows: report.rows,
    bad: Object.fromEntries(report.bad),
    ignored: Object.fromEntries(report.ignored),
    gaps: report.gaps,
    gapLines: report.gapLines,
    duplicates: report.duplicates,
    events: watch.events,
    instruments: watch.instruments.map((each, index) => ({
      ...recording.instruments[index]!.spec,
      events: each.events,
      kinds: Object.fromEntries(KIND_NAMES.map(([kind, name]) => [name, each.kinds[kind]!]).filter(([, n]) => n !== 0)),
      venueTime: { first: time(each.venue.min), last: time(each.venue.max), goesBack: each.venue.backwards },
      localTime: { first: time(each.local.min), last: time(each.local.max), goesBack: each.local.backwards },
      latencyNs:
        each.latency.count === 0
          ? null
          : { min: each.latency.min, median: each.latency.median(), max: each.latency.max },
      crossings: each.crossings,
      crossedMessages: each.crossedMessages,
      unknownOrders: each.book.unknownIds,
    })),
    problems,
    notes: notesOf(recording, watch),
    ok: problems.length === 0,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function eventTable(watch: Watch): string {
  const table = plainTable(['events', 'count', 'share'], ['left', 'right', 'right']);
  for (const [kind, name] of KIND_NAMES) {
    const count = watch.count(kind);
    if (count > 0) table.push([name, grouped(count), `${((100 * count) / watch.events).toFixed(1)} %`]);
  }
  return table.toString();
}

function instrumentText(instrument: Instrument, each: InstrumentWatch, epochDay: number): string {
  const { spec, price, size } = instrument;
  const table = plainTable([], ['left', 'left']);
  const range = (of: Range, grid: typeof price): string => `${grid.format(of.min)} … ${grid.format(of.max)}`;
  table.push(['grid', `tick ${spec.tick}, lot ${spec.lot}, ${spec.contract}`]);
  if (!each.venue.isEmpty) table.push(['venue time', times(each.venue, epochDay)]);
  if (!each.local.isEmpty) table.push(['local time', times(each.local, epochDay)]);
  if (each.latency.count > 0) {
    const { min, max } = each.latency;
    table.push([
      'feed latency',
      `median ${duration(each.latency.median())}, min ${duration(min)}, max ${duration(max)}`,
    ]);
  }
  if (!each.priceTicks.isEmpty) table.push(['prices', range(each.priceTicks, price)]);
  if (!each.sizeLots.isEmpty) table.push(['sizes', range(each.sizeLots, size)]);
  return `${pc.bold(`${spec.venue} ${spec.symbol}`)}  ${grouped(each.events)} events\n${table.toString()}`;
}

function times(clock: Range, epochDay: number): string {
  // The clock keeps nanoseconds; a person reads microseconds more easily.
  const text = (ns: number): string =>
    nsToIso(ns, epochDay)
      .replace(/\d{3}Z$/, 'Z')
      .replace('T', ' ');
  return `${text(clock.min)} … ${duration(clock.max - clock.min)} long`;
}

function sizeText(bytes: number): string {
  const mib = bytes / 1024 / 1024;
  return mib >= 1 ? `${mib.toFixed(1)} MiB` : `${(bytes / 1024).toFixed(1)} KiB`;
}

function shortened(text: string): string {
  const width = TEXT_WIDTH - COUNT_WIDTH - 2;
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > TEXT_WIDTH) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

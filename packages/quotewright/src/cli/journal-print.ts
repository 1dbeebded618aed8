/** What `journal verify`, `journal stats` and `journal compact` print. */
import { nsToIso } from '@quotewright/core/base/time';
import pc from 'picocolors';
import { duration, grouped } from '../data/findings.ts';
import type { Compaction } from '../journal/compact.ts';
import { damageText } from '../journal/damage.ts';
import { kindName } from '../journal/record-names.ts';
import type { JournalStats, SessionStats } from '../journal/stats.ts';
import type { Verification } from '../journal/verify.ts';
import { plainTable } from './plain-table.ts';

/** Damages that are named one by one; a disk that returns noise has thousands. */
const SHOWN_DAMAGES = 50;

export function verificationText(dir: string, verification: Verification): string {
  const { segments, bytes, records, missing, sessions, marks, damages, cuts } = verification;
  const lines = [
    `${pc.bold(dir)}  ${counted(segments, 'segment')}, ${sizeText(bytes)}`,
    `${counted(records, 'record')}, ${counted(sessions, 'session')}, ${counted(marks, 'mark')}`,
  ];
  if (missing > 0) lines.push(pc.red(`${counted(missing, 'record')} missing`));
  for (const damage of damages.slice(0, SHOWN_DAMAGES)) lines.push(damageText(damage));
  if (damages.length > SHOWN_DAMAGES) lines.push(`… and ${damages.length - SHOWN_DAMAGES} more; --json has them all`);
  for (const cut of cuts) lines.push(`note: ${cut} holds what was cut from a torn end`);
  lines.push(damages.length === 0 ? pc.green('sound') : pc.red(`damaged in ${counted(damages.length, 'place')}`));
  return `${lines.join('\n')}\n`;
}

export function statsText(dir: string, stats: JournalStats): string {
  const { journal, segments, bytes, records, writes, kinds, firstMs, lastMs, busiestSecond, sessions } = stats;
  const facts = plainTable([], ['left', 'left']);
  facts.push(['journal', `${journal}, ${counted(segments, 'segment')}, ${sizeText(bytes)}`]);
  facts.push(['records', `${grouped(records)}, and ${counted(stats.marks, 'mark')}`]);
  if (records > 0) {
    const perWrite = (records / writes).toPrecision(3);
    facts.push([
      'writes',
      `${grouped(writes)}, ${perWrite} records and ${(bytes / writes / 1024).toPrecision(3)} KiB each`,
    ]);
    facts.push(['written', `${wallText(firstMs)} … ${wallText(lastMs)}, ${duration((lastMs - firstMs) * 1e6)}`]);
    const seconds = (lastMs - firstMs) / 1000;
    const rate = seconds > 0 ? `${grouped(Math.round(records / seconds))} records/s on average, ` : '';
    facts.push(['rate', `${rate}${grouped(busiestSecond)} in the busiest second`]);
  }
  const byKind = plainTable(['kind', 'records', 'share'], ['left', 'right', 'right']);
  for (const [kind, count] of kinds)
    byKind.push([kindName(kind), grouped(count), `${((100 * count) / records).toFixed(1)} %`]);
  const lines = [pc.bold(dir), facts.toString()];
  if (kinds.size > 0) lines.push('', byKind.toString());
  for (const [index, session] of sessions.entries()) lines.push('', sessionText(index + 1, session));
  if (stats.damages > 0)
    lines.push('', pc.red(`damaged in ${counted(stats.damages, 'place')}; journal verify says where`));
  return `${lines.join('\n')}\n`;
}

export function compactionText(dir: string, { removed, bytes, snapshot, sequence }: Compaction): string {
  const kept = `the snapshot of record ${grouped(snapshot)} and the ${counted(sequence - snapshot, 'record')} after it`;
  return removed.length === 0
    ? `${dir}: no segment lies wholly before the oldest snapshot: nothing was removed\n`
    : `${dir}: ${counted(removed.length, 'segment')} removed, ${sizeText(bytes)}; it goes on from ${kept}\n`;
}

function sessionText(number: number, { header, sequence, records, marks, firstNs, lastNs }: SessionStats): string {
  const { program, mode, seed, instruments, strategies, startedMs, epochDay } = header;
  const table = plainTable([], ['left', 'left']);
  table.push(['started', `${wallText(startedMs)}, ${program.name} ${program.version}, seed ${seed}`]);
  table.push(['instruments', instruments.map(({ venue, symbol }) => `${venue} ${symbol}`).join(', ')]);
  if (strategies.length > 0) table.push(['strategies', strategies.map(({ strategy }) => strategy).join(', ')]);
  table.push(['records', `${grouped(records)} from ${grouped(sequence)} on, ${counted(marks, 'mark')}`]);
  if (firstNs === firstNs) {
    const length = duration(lastNs - firstNs);
    table.push(['local time', `${shortIso(firstNs, epochDay)} … ${shortIso(lastNs, epochDay)}, ${length}`]);
  }
  return `${pc.bold(`session ${number}`)}  ${mode}\n${table.toString()}`;
}

export function statsJson({ kinds, sessions, ...stats }: JournalStats): string {
  const value = {
    ...stats,
    kinds: Object.fromEntries([...kinds].map(([kind, count]) => [kindName(kind), count])),
    sessions: sessions.map(({ header, firstNs, lastNs, ...each }) => ({
      ...each,
      firstTime: nsToIso(firstNs, header.epochDay),
      lastTime: nsToIso(lastNs, header.epochDay),
      header,
    })),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}

function sizeText(bytes: number): string {
  const mib = bytes / 1024 / 1024;
  return mib >= 1 ? `${mib.toFixed(1)} MiB` : `${(bytes / 1024).toFixed(1)} KiB`;
}

const wallText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ');

/** Microseconds are enough for people. */
const shortIso = (ns: number, epochDay: number): string =>
  nsToIso(ns, epochDay)
    .replace(/\d{3}Z$/, 'Z')
    .replace('T', ' ');

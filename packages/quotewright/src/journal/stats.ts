/** What a journal holds: records by kind, times, sizes, commits, sessions. */
import { EVENT_STRIDE, Field, headKind } from '@quotewright/core/market/event';
import { type RecordsItem, type SessionItem } from './reader.ts';
import { openFilled } from './verify.ts';

const { HEAD, LOCAL_NS } = Field;

export interface SessionStats {
  readonly header: SessionItem['header'];
  /** Records of the journal before it. */
  readonly sequence: number;
  records: number;
  marks: number;
  /** Local times of its first and last records, nanoseconds since the header's epoch day; NaN without any. */
  firstNs: number;
  lastNs: number;
}

export interface JournalStats {
  readonly journal: string;
  readonly segments: number;
  readonly bytes: number;
  readonly records: number;
  readonly marks: number;
  /** Frames of records: each was one write. */
  readonly writes: number;
  /** Records by kind. */
  readonly kinds: ReadonlyMap<number, number>;
  /** Wall times of the first and the last write, Unix milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Most records that were written in one second of the wall clock. */
  readonly busiestSecond: number;
  readonly sessions: readonly SessionStats[];
  /** Faults found on the way; `verify` names them. */
  readonly damages: number;
}

/** @throws InputError when the folder is not there, or holds nothing of a journal */
export function journalStats(dir: string): JournalStats {
  const reader = openFilled(dir);
  const kinds = new Float64Array(256);
  const sessions: SessionStats[] = [];
  let records = 0;
  let marks = 0;
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;
  let second = 0;
  let inSecond = 0;
  let busiestSecond = 0;
  for (const item of reader) {
    if (item.kind === 'gap') continue;
    if (Number.isNaN(firstMs)) firstMs = item.writtenMs;
    lastMs = item.writtenMs;
    const session = sessions.at(-1);
    if (item.kind === 'session') {
      const { header, sequence } = item;
      sessions.push({ header, sequence, records: 0, marks: 0, firstNs: Number.NaN, lastNs: Number.NaN });
    } else if (item.kind === 'mark') {
      marks++;
      if (session !== undefined) session.marks++;
    } else {
      records += item.count;
      countKinds(item, kinds);
      if (session !== undefined) see(session, item);
      const now = Math.floor(item.writtenMs / 1000);
      inSecond = now === second ? inSecond + item.count : item.count;
      second = now;
      busiestSecond = Math.max(busiestSecond, inSecond);
    }
  }
  return {
    journal: reader.journal,
    segments: reader.segments.length,
    bytes: reader.bytes,
    records,
    marks,
    writes: reader.frames,
    kinds: new Map([...kinds.entries()].filter(([, count]) => count > 0)),
    firstMs,
    lastMs,
    busiestSecond,
    sessions,
    damages: reader.damages.length,
  };
}

function countKinds({ data, count }: RecordsItem, kinds: Float64Array): void {
  for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
    const kind = headKind(data[at + HEAD]! | 0);
    kinds[kind] = kinds[kind]! + 1;
  }
}

function see(session: SessionStats, { data, count }: RecordsItem): void {
  session.records += count;
  if (Number.isNaN(session.firstNs)) session.firstNs = data[LOCAL_NS]!;
  session.lastNs = data[(count - 1) * EVENT_STRIDE + LOCAL_NS]!;
}

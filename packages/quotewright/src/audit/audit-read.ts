/** Reads an audit log, and proves that it is whole. */
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { InputError } from '../data/report.ts';
import { type AuditHead, type Segment, auditFolder, readHead, segmentsOf, whileStill } from './audit-folder.ts';
import { type AuditLine, NO_HASH, auditLine, faultOf, hashAt } from './audit-line.ts';

/** A line that was once there, which somebody has kept elsewhere: `12:ab34…`. */
export interface Anchor {
  readonly count: number;
  readonly hash: string;
}

export interface Verdict {
  /** Lines that were read. */
  readonly lines: number;
  readonly segments: number;
  /** Of the last sound line: to be kept elsewhere as an anchor. */
  readonly head: Anchor;
  /** What is wrong, one line each: file, line, what was found. Empty when the log is whole. */
  readonly faults: readonly string[];
}

/** More of them would not tell more. */
const MAX_FAULTS = 20;

interface Still {
  readonly head: AuditHead | undefined;
  readonly segments: readonly Segment[];
}

/** @throws InputError when there is no audit log */
export async function verifyAudit(dir: string, anchor?: Anchor): Promise<Verdict> {
  const { head, segments } = stillOf(dir);
  const faults: string[] = [];
  let count = 0;
  let prev = NO_HASH;
  let lines = 0;
  let isAnchored = false;
  for (const [index, segment] of segments.entries()) {
    if (segment.number !== (segments[index - 1]?.number ?? 0) + 1) {
      faults.push(
        `${segment.path}: found segment ${segment.number}, expected ${(segments[index - 1]?.number ?? 0) + 1}: a segment is missing`,
      );
    }
    let at = 0;
    for await (const text of linesOf(segment)) {
      lines++;
      const fault = faultOf(text, count, prev);
      at++;
      if (fault !== '') faults.push(`${segment.path}:${at}: the line ${fault}`);
      if (faults.length >= MAX_FAULTS) return { lines, segments: segments.length, head: { count, hash: prev }, faults };
      // After a fault the chain goes on from what the line says of itself, so that one fault is told once.
      const line = parsed(text);
      count = line?.n ?? count + 1;
      prev = fault === '' || line !== undefined ? hashAt(text) : prev;
      if (anchor !== undefined && anchor.count === count && anchor.hash === prev) isAnchored = true;
    }
  }
  faults.push(...headFaults(head, count, prev, segments));
  if (anchor !== undefined && !isAnchored) {
    faults.push(
      `line ${anchor.count}: found none with the hash ${anchor.hash}, expected the anchor: the log was written anew or cut`,
    );
  }
  return { lines, segments: segments.length, head: { count, hash: prev }, faults };
}

/** All lines, oldest first. @throws InputError when there is no audit log, or at a line that is none */
export async function* readAudit(dir: string): AsyncGenerator<AuditLine> {
  for (const segment of stillOf(dir).segments) {
    let at = 0;
    for await (const text of linesOf(segment)) {
      at++;
      const line = parsed(text);
      if (line === undefined)
        throw new InputError(`${segment.path}:${at}: found no audit line (audit verify says more)`);
      yield line;
    }
  }
}

function headFaults(head: AuditHead | undefined, count: number, hash: string, segments: readonly Segment[]): string[] {
  if (head === undefined) return ['audit.head.json: found none, expected the head: lines may be missing at the end'];
  if (head.count !== count) {
    const end =
      head.count === count + 1 ? ' (the head still holds that line, and the next entry would put it back)' : '';
    return [
      `audit.head.json: found ${count} lines, expected ${head.count}: the end is ${head.count > count ? 'missing' : 'not of our writing'}${end}`,
    ];
  }
  if (head.hash !== hash) return ['audit.head.json: the last line is not the one that was written last'];
  const last = segments.at(-1);
  const expected = head.offset + Buffer.byteLength(head.line) + 1;
  if (last?.number === head.segment && last.bytes === expected) return [];
  return [`${last?.path}: found ${last?.bytes} bytes, expected ${expected}: the end was changed`];
}

/** The files as they are between two entries. */
function stillOf(dir: string): Still {
  const folder = auditFolder(dir);
  if (!existsSync(folder)) throw new InputError(`${dir}: found no audit log, expected the folder of a session`);
  return whileStill(folder, () => ({ head: readHead(folder), segments: segmentsOf(folder) }));
}

/** Lines of a segment as it was; what is appended meanwhile is not read. */
async function* linesOf({ path, bytes }: Segment): AsyncGenerator<string> {
  if (bytes === 0) return;
  yield* createInterface({ input: createReadStream(path, { encoding: 'utf8', end: bytes - 1 }), crlfDelay: Infinity });
}

function parsed(text: string): AuditLine | undefined {
  try {
    const line = auditLine.safeParse(JSON.parse(text));
    return line.success ? line.data : undefined;
  } catch {
    return undefined;
  }
}

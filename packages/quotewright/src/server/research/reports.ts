/** Files that backtests have left behind, for download. */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { extname } from 'node:path';
import { Problem } from '../http/problems.ts';
import type { ReportInfo } from '../protocol/research.ts';
import { storedEntries, storedPath } from './stored.ts';

/** Only these are handed out. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/jsonl; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.pdf': 'application/pdf',
};

interface ReportFile {
  readonly stream: ReadStream;
  readonly bytes: number;
  readonly type: string;
  /** Of `Content-Disposition`: a page is shown, tables are saved. */
  readonly disposition: string;
}

/** Newest first; folders without a file to hand out are none. */
export function listReports(folder: string): ReportInfo[] {
  return storedEntries(folder).flatMap(({ name: id, path, isFolder, modifiedMs }) => {
    const files = isFolder ? filesIn(path) : [];
    return files.length === 0 ? [] : [{ id, files, modifiedMs }];
  });
}

/** @throws Problem when there is no such report */
export function findReport(folder: string, id: string): ReportInfo {
  const path = storedPath(folder, id);
  const files = path !== undefined && statSync(path).isDirectory() ? filesIn(path) : [];
  if (path === undefined || files.length === 0) throw absent(id);
  return { id, files, modifiedMs: statSync(path).mtimeMs };
}

/** @throws Problem when there is no such file */
export function openReport(folder: string, id: string, name: string): ReportFile {
  const report = storedPath(folder, id);
  const path = report === undefined ? undefined : storedPath(report, name);
  const type = TYPES[extname(name)];
  if (path === undefined || type === undefined) throw absent(`${id}/${name}`);
  const found = statSync(path);
  if (!found.isFile()) throw absent(`${id}/${name}`);
  const isPage = type.startsWith('text/html');
  return {
    stream: createReadStream(path),
    bytes: found.size,
    type,
    disposition: isPage ? 'inline' : `attachment; filename*=UTF-8''${encodeURIComponent(`${id}-${name}`)}`,
  };
}

function filesIn(path: string): ReportInfo['files'] {
  return readdirSync(path)
    .filter((name) => TYPES[extname(name)] !== undefined)
    .flatMap((name) => {
      const file = storedPath(path, name);
      const found = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
      return found?.isFile() === true ? [{ name, bytes: found.size }] : [];
    })
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

function absent(what: string): Problem {
  return new Problem('not-found', `found '${what}', expected a report and one of its files`);
}

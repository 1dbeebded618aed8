/**
 * Large recordings in constant memory. The files are small on disk: one compressed block of rows, over and over, as
 * members of one gzip file or frames of one zstd file. A process of its own reads each, so that its peak is its own.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tempFolder } from './testing/files.ts';

const MIB = 1024 * 1024;
/** A bare Node with the readers loaded takes about 75 MiB; the rest is buffers and young garbage. */
const MAX_PEAK_MIB = 220;
const script = fileURLToPath(new URL('testing/peak-memory.ts', import.meta.url));
const folder = tempFolder();

function repeated(name: string, head: Buffer, block: Buffer, times: number): string {
  const path = join(folder.path, name);
  const file = openSync(path, 'w');
  writeSync(file, head);
  for (let i = 0; i < times; i++) writeSync(file, block);
  closeSync(file);
  return path;
}

interface Outcome {
  readonly rows: number;
  readonly events: number;
  readonly bad: number;
  readonly peakMiB: number;
}

function read(path: string): Outcome {
  const outcome: Outcome = JSON.parse(
    execFileSync(process.execPath, ['-C', 'source', script, path], { encoding: 'utf8' }),
  );
  return outcome;
}

/** LOBSTER rows that add orders and delete them again. */
function lobsterRows(bytes: number): string {
  const rows: string[] = [];
  for (let id = 1, length = 0; length < bytes; id++) {
    const row = `34200.${String(id).padStart(9, '0')},1,${id},100,${1_000_000 + (id % 50) * 100},1\n34200.5,3,${id},100,1000000,1\n`;
    rows.push(row);
    length += row.length;
  }
  return rows.join('');
}

/** Bitfinex updates, each with a comma before it. */
function bitfinexRows(bytes: number): string {
  const rows: string[] = [];
  for (let id = 60_000_000, length = 0; length < bytes; id++) {
    const row = `,[7,[${id},60945,0.25]],[7,[${id},0,1]]`;
    rows.push(row);
    length += row.length;
  }
  return rows.join('');
}

describe('constant memory', () => {
  it('lines: 320 MiB of LOBSTER rows in 80 gzip members', () => {
    const rows = lobsterRows(4 * MIB);
    const path = repeated('large.csv.gz', Buffer.alloc(0), gzipSync(rows), 80);
    const result = read(path);
    expect(rows.length * 80).toBeGreaterThan(300 * MIB);
    expect(result).toMatchObject({ rows: rows.split('\n').length * 80 - 80, bad: 0 });
    expect(result.peakMiB).toBeLessThan(MAX_PEAK_MIB);
  });

  it('one JSON array of 64 MiB in zstd frames', () => {
    const rows = bitfinexRows(4 * MIB);
    const head = zstdCompressSync('[{"event":"subscribed","channel":"book","prec":"R0","pair":"BTCUSD"}');
    const path = repeated('large.json.zst', head, zstdCompressSync(rows), 16);
    const file = openSync(path, 'a');
    writeSync(file, zstdCompressSync(']'));
    closeSync(file);
    const result = read(path);
    const updates = (rows.match(/\[7/g) ?? []).length;
    expect(result).toMatchObject({ rows: updates * 16 + 1, events: updates * 16, bad: 0 });
    expect(result.peakMiB).toBeLessThan(MAX_PEAK_MIB);
  });
});

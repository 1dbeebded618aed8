/**
 * Whether an LMDB file may be mapped. LMDB trusts its file: one that was cut short or holds something else ends the process with
 * a signal when it is opened or read. Its two meta pages say how many pages there must be; what is in the pages is for those to check who
 * wrote the values. Layout: `MDB_meta` of lmdb's mdb.c, with 64-bit words.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const MAGIC = 0xbeef_c0de;
/** Byte offsets in a page. */
const MAGIC_AT = 24;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;

/** Why a file is no LMDB file, or not all of one; empty when it may be opened (also when there is none). */
export function lmdbDamage(path: string): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size === 0) return '';
    const first = metaAt(file, 0);
    const pageSize = first?.readUInt32LE(PAGE_SIZE_AT) ?? 0;
    if (first === undefined || pageSize < 512 || pageSize > 65_536) return `${path}: no LMDB file`;
    const second = metaAt(file, pageSize);
    if (second === undefined) return `${path}: the second meta page is missing or damaged`;
    const isFirst = first.readBigUInt64LE(TRANSACTION_AT) > second.readBigUInt64LE(TRANSACTION_AT);
    const pages = (isFirst ? first : second).readBigUInt64LE(LAST_PAGE_AT) + 1n;
    const expected = pages * BigInt(pageSize);
    // Last: another process may be writing, and a file grows before its meta page says so.
    const { size } = fstatSync(file);
    return BigInt(size) < expected ? `${path}: found ${size} bytes, expected ${expected}: it was cut short` : '';
  } finally {
    closeSync(file);
  }
}

function metaAt(file: number, at: number): Buffer | undefined {
  const page = Buffer.alloc(META_BYTES);
  const isWhole = readSync(file, page, 0, META_BYTES, at) === META_BYTES;
  return isWhole && page.readUInt32LE(MAGIC_AT) === MAGIC ? page : undefined;
}

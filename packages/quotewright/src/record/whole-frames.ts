/**
 * Files of zstd frames (RFC 8878, section 3.1.1) that grow frame by frame: how far the whole ones reach, when whoever wrote them was killed.
 */
import { closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { promisify } from 'node:util';

const MAGIC = 0xfd2fb528;
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } };
const compressed = promisify(zstdCompress);

/** A frame with a checksum, made on another thread. */
export async function frameOf(bytes: Uint8Array): Promise<Buffer> {
  return compressed(bytes, OPTIONS);
}

/** Contents of the whole frames of a file in order. What follows the last of them is left out. */
export function* frameContents(path: string): Generator<Buffer, void, undefined> {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    for (let at = 0; at < size;) {
      const end = frameEnd(file, at, size);
      const content = end < 0 ? undefined : contentOf(file, at, end);
      if (content === undefined) return;
      yield content;
      at = end;
    }
  } finally {
    closeSync(file);
  }
}

/** Cuts what follows the last whole frame. @returns the bytes that were cut */
export function cutTail(path: string): number {
  const file = openSync(path, 'r');
  let whole = 0;
  let size = 0;
  try {
    ({ size } = fstatSync(file));
    for (let end = frameEnd(file, 0, size); end >= 0; end = frameEnd(file, whole, size)) {
      // After the power went a file may have its length but not its bytes.
      if (contentOf(file, whole, end) === undefined) break;
      whole = end;
    }
  } finally {
    closeSync(file);
  }
  if (whole < size) truncateSync(path, whole);
  return size - whole;
}

/** Where the frame that begins at `at` ends; -1 when it is not whole. */
function frameEnd(file: number, at: number, size: number): number {
  const head = read(file, at, Math.min(18, size - at));
  if (head.length < 6 || head.readUInt32LE(0) !== MAGIC) return -1;
  const flags = head[4]!;
  const isSingle = (flags & 0x20) !== 0;
  const sizeFlag = flags >> 6;
  const sizeBytes = sizeFlag === 0 && isSingle ? 1 : CONTENT_SIZE_BYTES[sizeFlag]!;
  let end = at + 5 + (isSingle ? 0 : 1) + DICTIONARY_BYTES[flags & 3]! + sizeBytes;
  for (;;) {
    const block = read(file, end, 3);
    if (block.length < 3) return -1;
    const word = block.readUIntLE(0, 3);
    end += 3 + (((word >> 1) & 3) === 1 ? 1 : word >> 3);
    if ((word & 1) === 1) break;
  }
  if ((flags & 4) !== 0) end += 4;
  return end <= size ? end : -1;
}

function contentOf(file: number, at: number, end: number): Buffer | undefined {
  try {
    return zstdDecompressSync(read(file, at, end - at));
  } catch {
    return undefined;
  }
}

function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, length));
  let done = 0;
  for (let count = -1; count !== 0 && done < bytes.length; done += count) {
    count = readSync(file, bytes, done, bytes.length - done, at + done);
  }
  return bytes.subarray(0, done);
}

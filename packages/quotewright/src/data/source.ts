/**
 * A recording's bytes, decompressed: plain, gzip, zstd or xz files and the entries of zip archives, told apart by their
 * magic bytes and never by their name. Everything streams with back-pressure in constant memory.
 */
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzip, unxz } from './decompress.ts';
import { InputError } from './report.ts';
import { zipEntries, zipEntryChunks } from './zip.ts';
import { unzstd } from './zstd.ts';

export interface Source {
  readonly path: string;
  /** Name of the file inside a zip archive; '' when the path is no archive. */
  readonly entry: string;
  /** Size on disk, of the entry when it is a zip archive. */
  readonly compressedBytes: number;
  /** Compressed bytes consumed so far, for progress. */
  readonly bytesRead: number;
  /**
   * The decompressed bytes, from the start on every call. A chunk is valid until the next one is asked for.
   * @throws InputError at a truncated or corrupt place, naming the compressed byte.
   */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** The start of a recording, by which its format is recognised. */
export interface Head {
  readonly path: string;
  /** Names of the files in it when it is a zip archive, else empty. */
  readonly entries: readonly string[];
  /** The first bytes, decompressed; of the first entry when it is a zip archive. */
  readonly bytes: Uint8Array;
  /** The same as Latin-1 text. */
  readonly text: string;
}

/** Bytes of the decompressed start of a file that formats are recognised from. */
export const HEAD_BYTES = 65_536;

const CHUNK_BYTES = 262_144;
const NEWLINE = 10;

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'zip';

/** The compression that a file's first bytes declare. */
export function compressionOf(magic: Uint8Array): Compression {
  const word = magic.length < 4 ? 0 : new DataView(magic.buffer, magic.byteOffset).getUint32(0, false);
  if (word >>> 16 === 0x1f8b) return 'gzip';
  if (word === 0x28b52ffd || (word & 0xf0ffffff) >>> 0 === 0x502a4d18) return 'zstd';
  if (word === 0xfd377a58 && magic[4] === 0x5a && magic[5] === 0) return 'xz';
  if (word === 0x504b0304 || word === 0x504b0506) return 'zip';
  return 'none';
}

/**
 * Opens a recording's file. In a zip archive `entry` names the file in it; without it, the first one is taken.
 * @throws InputError when the file is missing, unreadable, a directory, empty, or lacks the entry.
 */
export async function openSource(path: string, entry?: string): Promise<Source> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    const magic = new Uint8Array(8);
    const { bytesRead } = await handle.read(magic, 0, magic.length, 0);
    const compression = compressionOf(magic.subarray(0, bytesRead));
    if (compression !== 'zip') {
      if (entry !== undefined && entry !== '')
        throw new InputError(`${path}: is no zip archive, so it has no '${entry}'`);
      return new FileSource(path, size, compression);
    }
  } finally {
    await handle.close();
  }
  const entries = await zipEntries(path);
  const found = entry === undefined || entry === '' ? entries[0] : entries.find((each) => each.name === entry);
  if (found === undefined) {
    const names = entries.map((each) => each.name).join(', ') || 'nothing';
    throw new InputError(
      `${path}: holds no file ${entry === undefined ? '' : `'${entry}' `}in the archive; it has ${names}`,
    );
  }
  return new ZipSource(path, found.name, found.compressedBytes);
}

/** Files of lines that follow each other, as one source at the path of their folder. */
export function joinedSource(path: string, sources: readonly Source[]): Source {
  const sum = (of: (source: Source) => number) => sources.reduce((total, source) => total + of(source), 0);
  return {
    path,
    entry: '',
    compressedBytes: sum(({ compressedBytes }) => compressedBytes),
    get bytesRead() {
      return sum(({ bytesRead }) => bytesRead);
    },
    async *chunks() {
      for (const source of sources) {
        let last = NEWLINE;
        for await (const chunk of source.chunks()) {
          last = chunk.at(-1) ?? last;
          yield chunk;
        }
        if (last !== NEWLINE) yield Uint8Array.of(NEWLINE);
      }
    },
  };
}

/** The first bytes of a recording, for recognition. @throws InputError like `openSource`. */
export async function readHead(path: string): Promise<Head> {
  const source = await openSource(path);
  const entries = source.entry === '' ? [] : (await zipEntries(path)).map((each) => each.name);
  const bytes = await firstBytes(source, HEAD_BYTES);
  if (bytes.length === 0) throw new InputError(`${path}: is empty after decompression`);
  return { path, entries, bytes, text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1') };
}

/** At most the first `limit` decompressed bytes, copied. */
export async function firstBytes(source: Source, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(limit);
  let length = 0;
  for await (const chunk of source.chunks()) {
    const part = chunk.subarray(0, limit - length);
    bytes.set(part, length);
    length += part.length;
    if (length === limit) break;
  }
  return bytes.subarray(0, length);
}

/** The whole decompressed content, for formats that are one JSON value. @throws InputError above `limit` bytes. */
export async function readWhole(source: Source, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.chunks()) {
    parts.push(chunk.slice());
    length += chunk.length;
    if (length > limit) throw new InputError(`${source.path}: is larger than the ${limit} bytes that are read at once`);
  }
  return Buffer.concat(parts, length);
}

/** Whether there is a readable file at the path. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The name that a recording's facts (symbol, date) are read from: the zip entry's, or the file's. */
export function sourceName(source: Source): string {
  return basename(source.entry === '' ? source.path : source.entry);
}

async function openFile(path: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const status = await handle.stat();
    if (status.isDirectory()) throw new InputError(`${path}: is a directory, expected a recording's file`);
    if (!status.isFile()) throw new InputError(`${path}: is not a regular file`);
    if (status.size === 0) throw new InputError(`${path}: is empty`);
    return handle;
  } catch (error) {
    await handle?.close();
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason = code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'no permission to read it' : String(error);
    throw new InputError(`${path}: ${reason}`);
  }
}

class FileSource implements Source {
  readonly path: string;
  readonly entry = '';
  readonly compressedBytes: number;
  bytesRead = 0;
  readonly #compression: Compression;

  constructor(path: string, size: number, compression: Compression) {
    this.path = path;
    this.compressedBytes = size;
    this.#compression = compression;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    this.bytesRead = 0;
    if (this.#compression === 'gzip') yield* gunzip(this.path, this.#raw(false));
    else if (this.#compression === 'zstd') yield* unzstd(this.path, this.#raw(false));
    else if (this.#compression === 'xz') yield* unxz(this.path, this.#raw(false), () => this.bytesRead);
    else yield* this.#raw(true);
  }

  /** The file's own bytes. A decompressor works on a chunk while the next one is read, so its chunks are not reused. */
  async *#raw(reuse: boolean): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    const handle = await openFile(this.path);
    try {
      let buffer = new Uint8Array(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null);
        if (bytesRead === 0) return;
        this.bytesRead += bytesRead;
        yield buffer.subarray(0, bytesRead);
        if (!reuse) buffer = new Uint8Array(CHUNK_BYTES);
      }
    } finally {
      await handle.close();
    }
  }
}

class ZipSource implements Source {
  readonly path: string;
  readonly entry: string;
  readonly compressedBytes: number;
  bytesRead = 0;

  constructor(path: string, entry: string, compressedBytes: number) {
    this.path = path;
    this.entry = entry;
    this.compressedBytes = compressedBytes;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const { chunk, consumed } of zipEntryChunks(this.path, this.entry)) {
      this.bytesRead = consumed;
      yield chunk;
    }
  }
}

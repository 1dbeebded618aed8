/** Entries of zip archives, streamed; each one's CRC32 is checked at its end. */
import type { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { broken } from './decompress.ts';
import { InputError } from './report.ts';

export interface ZipEntry {
  readonly name: string;
  readonly compressedBytes: number;
}

const STORED = 0;
const DEFLATED = 8;

/** The files of an archive, directories excluded, in its order. @throws InputError when it is no usable archive. */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const zip = await openZip(path);
  try {
    const entries: ZipEntry[] = [];
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('/')) entries.push({ name: entry.fileName, compressedBytes: entry.compressedSize });
    }
    return entries;
  } catch (error) {
    throw broken(path, 'zip', 0, error);
  } finally {
    zip.close();
  }
}

/** The decompressed bytes of one entry, with the compressed bytes consumed so far. */
export async function* zipEntryChunks(
  path: string,
  name: string,
): AsyncGenerator<{ chunk: Uint8Array; consumed: number }, void, undefined> {
  const zip = await openZip(path);
  let stream: Readable | undefined;
  let consumed = 0;
  try {
    const entry = await findEntry(zip, path, name);
    const method = entry.compressionMethod;
    if (entry.isEncrypted() || (method !== STORED && method !== DEFLATED)) {
      throw new InputError(
        `${path}: '${name}' is encrypted or compressed with method ${method}, expected stored or deflated`,
      );
    }
    const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
    raw.on('data', (chunk: Uint8Array) => (consumed += chunk.length));
    stream = method === DEFLATED ? raw.pipe(createInflateRaw()) : raw;
    raw.on('error', (error) => stream?.destroy(error));
    let sum = 0;
    let length = 0;
    const chunks: AsyncIterable<Uint8Array> = stream;
    for await (const chunk of chunks) {
      sum = crc32(chunk, sum);
      length += chunk.length;
      yield { chunk, consumed };
    }
    if (length !== entry.uncompressedSize || sum !== entry.crc32) {
      throw new InputError(`${path}: '${name}' in the zip archive fails its checksum after ${length} bytes`);
    }
  } catch (error) {
    throw broken(`${path}: '${name}'`, 'zip', consumed, error);
  } finally {
    stream?.destroy();
    zip.close();
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new InputError(`${path}: zip archive is truncated or corrupt (${text})`);
  }
}

async function findEntry(zip: ZipFile, path: string, name: string): Promise<Entry> {
  for await (const entry of zip.eachEntry()) if (entry.fileName === name) return entry;
  throw new InputError(`${path}: holds no file '${name}'`);
}

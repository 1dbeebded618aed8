import { createWriteStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { gzipSync, zstdCompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { InputError } from './report.ts';
import { openSource, readHead } from './source.ts';
import { tempFolder } from './testing/files.ts';

/** `hello xz\nsecond line\n`: Node has no xz compressor. */
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAUaGVsbG8geHoKc2Vjb25kIGxpbmUKAAAAAKX0e8Fvy8mzAAEtFS8LcW0ftvN9AQAAAAAEWVo=',
  'base64',
);
const XZ_TEXT = 'hello xz\nsecond line\n';
const LONG = Array.from({ length: 60_000 }, (_, i) => `${i * 7919},${i}\n`).join('');
const folder = tempFolder();

async function readText(path: string, entry?: string): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of (await openSource(path, entry)).chunks()) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString();
}

async function failure(path: string, entry?: string): Promise<string> {
  try {
    await readText(path, entry);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message } = error;
    expect(message.split('\n')).toHaveLength(1);
    return message.replace(path, 'PATH');
  }
  throw new Error(`${path}: was read without an error`);
}

async function zipOf(name: string, files: Record<string, string>): Promise<string> {
  const zip = new ZipFile();
  for (const [entry, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), entry);
  zip.end();
  const path = folder.write(name, '');
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

function zstdWithChecksum(text: string): Buffer {
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
}

function skippable(bytes: number): Buffer {
  const frame = Buffer.alloc(8 + bytes);
  frame.writeUInt32LE(0x184d2a53, 0);
  frame.writeUInt32LE(bytes, 4);
  return frame;
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0xff;
  return copy;
}

describe('compressions, told by their magic bytes', () => {
  it('reads plain text whatever the name says', async () => {
    expect(await readText(folder.write('plain.gz', LONG))).toBe(LONG);
  });

  it('reads gzip of one and of many members', async () => {
    expect(await readText(folder.write('one.csv', gzipSync(LONG)))).toBe(LONG);
    const members = Buffer.concat([gzipSync('a\n'), gzipSync(''), gzipSync(LONG), gzipSync('z\n')]);
    expect(await readText(folder.write('many.gz', members))).toBe(`a\n${LONG}z\n`);
  });

  it('reads zstd of many frames, skippable ones and checksums included', async () => {
    const frames = [
      skippable(4),
      zstdCompressSync('a\n'),
      zstdWithChecksum(LONG),
      skippable(0),
      zstdCompressSync('z\n'),
    ];
    expect(await readText(folder.write('many.zst', Buffer.concat(frames)))).toBe(`a\n${LONG}z\n`);
  });

  it('reads xz of one and of many streams, padding included', async () => {
    expect(await readText(folder.write('one.xz', XZ))).toBe(XZ_TEXT);
    const padded = Buffer.concat([XZ, Buffer.alloc(4), XZ]);
    expect(await readText(folder.write('two.xz', padded))).toBe(XZ_TEXT + XZ_TEXT);
  });

  it('reads two xz files in turns', async () => {
    const first = (await openSource(folder.write('a.xz', XZ))).chunks();
    const second = (await openSource(folder.write('b.xz', XZ))).chunks();
    const texts: string[] = [];
    for (const stream of [first, second]) {
      const { value } = await stream.next();
      texts.push(Buffer.from(value ?? new Uint8Array(0)).toString());
    }
    await first.return();
    await second.return();
    expect(texts).toEqual([XZ_TEXT, XZ_TEXT]);
  });

  it('reads zip entries by name, the first one without', async () => {
    const path = await zipOf('two.zip', { 'first.csv': LONG, 'folder/second.csv': 'two\n' });
    expect(await readText(path)).toBe(LONG);
    expect(await readText(path, 'folder/second.csv')).toBe('two\n');
    expect((await readHead(path)).entries).toEqual(['first.csv', 'folder/second.csv']);
    expect(await failure(path, 'third.csv')).toBe(
      "PATH: holds no file 'third.csv' in the archive; it has first.csv, folder/second.csv",
    );
  });

  it('reads from the start each time, and counts the compressed bytes', async () => {
    const bytes = gzipSync(LONG);
    const source = await openSource(folder.write('twice.gz', bytes));
    for (let i = 0; i < 2; i++) {
      let length = 0;
      for await (const chunk of source.chunks()) length += chunk.length;
      expect([length, source.bytesRead]).toEqual([LONG.length, bytes.length]);
    }
    expect(source.compressedBytes).toBe(bytes.length);
  });
});

describe('bad input is one line', () => {
  it('names files that are none', async () => {
    expect(await failure(`${folder.path}/absent`)).toBe('PATH: no such file');
    expect(await failure(folder.path)).toBe("PATH: is a directory, expected a recording's file");
    expect(await failure(folder.write('empty', ''))).toBe('PATH: is empty');
    expect(await failure(folder.write('plain.csv', 'x\n'), 'entry')).toBe(
      "PATH: is no zip archive, so it has no 'entry'",
    );
    await expect(readHead(folder.write('empty.gz', gzipSync('')))).rejects.toThrow('is empty after decompression');
  });

  it.each([
    ['gzip', gzipSync(LONG)],
    ['zstd', zstdWithChecksum(LONG)],
    ['xz', XZ],
  ])('%s: truncated at many places', async (name, bytes) => {
    for (const length of [12, Math.floor(bytes.length / 2), bytes.length - 5, bytes.length - 1]) {
      const message = await failure(folder.write(`truncated-${length}.${name}`, bytes.subarray(0, length)));
      expect(message).toMatch(/^PATH: (gzip|zstd|xz) data is truncated.* byte \d+$/);
    }
  });

  it.each([
    ['gzip', gzipSync(LONG)],
    ['zstd', zstdWithChecksum(LONG)],
    ['xz', XZ],
  ])('%s: corrupt, or followed by something else', async (name, bytes) => {
    expect(await failure(folder.write(`corrupt.${name}`, flipped(bytes, Math.floor(bytes.length / 2))))).toMatch(
      /^PATH: (gzip|zstd|xz) data (is|ends) /,
    );
    const followed = Buffer.concat([bytes, Buffer.from('something else')]);
    expect(await failure(folder.write(`followed.${name}`, followed))).toMatch(/^PATH: (gzip|zstd|xz) data (is|ends) /);
  });

  it('zip: truncated and corrupt', async () => {
    const path = await zipOf('good.zip', { 'a.csv': LONG });
    const bytes = readFileSync(path);
    expect(await failure(folder.write('cut.zip', bytes.subarray(0, 5000)))).toMatch(
      /^PATH: zip archive is truncated or corrupt/,
    );
    expect(await failure(folder.write('bad.zip', flipped(bytes, 5000)))).toMatch(/^PATH: 'a.csv'.*(corrupt|checksum)/);
  });

  it('a stream that is abandoned leaves nothing open', async () => {
    for (const bytes of [gzipSync(LONG), zstdCompressSync(LONG), XZ]) {
      const source = await openSource(folder.write('abandoned', bytes));
      for (let i = 0; i < 20; i++) for await (const chunk of source.chunks()) if (chunk.length > 0) break;
      expect((await readHead(source.path)).bytes.length).toBeGreaterThan(0);
    }
  });
});

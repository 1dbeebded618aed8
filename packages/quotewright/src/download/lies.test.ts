/** Servers that lie, and disks that do not take what comes. */
import { existsSync, readdirSync } from 'node:fs';
import { type Server, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import type { ArchiveFile } from './archive.ts';
import { type DownloadOptions, download } from './download.ts';

const folder = tempFolder();
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Fetches one file from a server that answers so. */
async function fetchFrom(
  answer: (response: ServerResponse, range: string, path: string) => void,
  more: Partial<DownloadOptions> & { readonly checksum?: boolean; readonly isPatient?: boolean } = {},
): Promise<{ failure: string; asked: string[]; left: string[]; file: ArchiveFile; counts: Record<string, number> }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(response, request.headers.range ?? '', request.url ?? '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/a.csv.gz`;
  const { checksum = false, isPatient = false, ...options } = more;
  const file = { url, path: 'a.csv.gz', checksumUrl: checksum ? `${url}.CHECKSUM` : '' };
  const out = folder.fresh();
  let failure = '';
  const counts = await download([file], {
    out,
    parallel: 1,
    ...(isPatient ? {} : { sleep: async () => {} }),
    ended: (_file, _how, text) => (failure = text),
    ...options,
  });
  return { failure, asked, file, counts, left: existsSync(out) ? readdirSync(out).toSorted() : [] };
}

function drip(response: ServerResponse, bytes: number, everyMs: number): void {
  const timer = setInterval(() => response.write(Buffer.alloc(bytes, 7)), everyMs);
  response.on('close', () => clearInterval(timer));
}

test('a checksum that never ends is not read to its end', async () => {
  const { failure, asked } = await fetchFrom(
    (response) => {
      const more = (): void => void response.write('b'.repeat(65_536), () => setImmediate(more));
      response.on('error', () => {});
      more();
    },
    { checksum: true },
  );
  expect(failure).toContain('what came for the checksum is none');
  expect(asked.every((path) => path.endsWith('.CHECKSUM'))).toBe(true);
});

test('a file that only drips is given up, and one that does not end', async () => {
  const slow = await fetchFrom((response) => drip(response, 10, 5), { slowMs: 40 });
  expect(slow.failure).toMatch(/the server sent \d+ bytes in 0\.04 s \(6 times\)$/u);
  const endless = await fetchFrom((response) => drip(response, 10_000, 1), { mostBytes: 100_000 });
  expect(endless.failure).toContain('the server does not end after 100000 bytes');
  expect(endless.asked).toHaveLength(1);
  const told = await fetchFrom((response) => response.writeHead(200, { 'content-length': 1e12 }).write('x'));
  expect(told.failure).toContain('the server tells of 1000000000000 bytes');
  expect(told.left).toEqual([]);
});

test('a gzip that becomes far more than it is, is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
  const { failure, asked, left } = await fetchFrom((response) => response.end(bomb));
  expect(failure).toContain('what came becomes more than 200 times as long');
  expect(asked).toHaveLength(1);
  expect(left).not.toContain('a.csv.gz');
});

test('a redirection is not followed, and a range that was not asked for is not taken', async () => {
  const away = await fetchFrom((response) => response.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end());
  expect(away.failure).toBe('the server answers 302, which leads elsewhere and is not followed');
  expect(away.asked).toHaveLength(1);
  const middle = await fetchFrom((response) =>
    response.writeHead(206, { 'content-range': 'bytes 100-199/200' }).end(Buffer.alloc(100)),
  );
  expect(middle.failure).toContain('the server sends from byte 100, asked for 0');
  expect(middle.left).toEqual([]);
});

test('a length that is not what comes makes no file', async () => {
  const whole = gzipSync('a,b\n1,2\n');
  const { failure, left } = await fetchFrom((response) => {
    response.writeHead(200, { 'content-length': whole.length + 10 });
    const { socket } = response;
    response.write(whole, () => setTimeout(() => socket?.destroy(), 20));
  });
  expect(failure).toMatch(/\(6 times\)$/u);
  expect(left).not.toContain('a.csv.gz');
});

test('ends at once when it is told to, also while it waits for another try', async () => {
  const stop = new AbortController();
  const begun = performance.now();
  const { failure, counts } = await fetchFrom(
    (response, _range, path) => {
      response.writeHead(500).end();
      if (path !== '') setTimeout(() => stop.abort(), 50);
    },
    // The real waits: half a second and more.
    { signal: stop.signal, isPatient: true },
  );
  expect(failure).toBe('interrupted; the same command goes on with it');
  expect(counts['failed']).toBe(1);
  expect(performance.now() - begun).toBeLessThan(60_000);
});

test('a folder that takes nothing is told of at once', async () => {
  const { failure, asked } = await fetchFrom((response) => response.end(gzipSync('a')), { out: join('/proc', 'none') });
  expect(failure).toContain('/proc/none');
  expect(asked.length).toBeLessThanOrEqual(1);
});

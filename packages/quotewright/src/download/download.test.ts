import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseIsoDay } from '@quotewright/core/base/time';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { binanceFiles } from './binance.ts';
import { type DownloadCounts, download } from './download.ts';
import { tardisFiles } from './tardis.ts';

const folder = tempFolder();
const CONTENT = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 31) % 251));
const SHA = createHash('sha256').update(CONTENT).digest('hex');
const DAY = parseIsoDay('2024-08-01');

/** Requests so far, as `path range`; how the server behaves in turn, once each; then well. */
let asked: string[] = [];
let tricks: ('drop' | 'flip' | '500' | '429' | 'norange' | 'changed' | 'hang up')[] = [];
let server: Server;
let baseUrl = '';

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  asked.push(`${path.slice(path.lastIndexOf('/') + 1)} ${request.headers.range ?? 'whole'}`);
  if (path.includes('2024-08-03')) return void response.writeHead(404).end();
  if (path.endsWith('.CHECKSUM')) return void response.end(`${SHA}  file.zip\n`);
  const trick = tricks.shift();
  if (trick === '500') return void response.writeHead(500).end('no');
  if (trick === '429') return void response.writeHead(429, { 'retry-after': '7' }).end('no');
  if (trick === 'hang up') return void request.socket.destroy();
  const etag = trick === 'changed' ? '"two"' : '"one"';
  const range = /^bytes=(\d+)-$/u.exec(request.headers.range ?? '');
  const isSame = request.headers['if-range'] === etag && trick !== 'norange';
  const from = range !== null && isSame ? Number(range[1]) : 0;
  const bytes = Buffer.from((path.endsWith('.gz') ? gzipSync(CONTENT) : CONTENT).subarray(from));
  if (trick === 'flip') bytes[bytes.length >> 1]! ^= 1;
  response.writeHead(from > 0 ? 206 : 200, {
    etag,
    'content-length': bytes.length,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` } : {}),
  });
  if (trick === 'drop')
    response.write(bytes.subarray(0, bytes.length >> 1), () => setImmediate(() => response.destroy()));
  else response.end(bytes);
}

beforeAll(async () => {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
  tricks = [];
});

function files(toDay = DAY) {
  return binanceFiles({ symbols: ['BTCUSDT'], type: 'trades', fromDay: DAY, toDay, baseUrl }, 'spot', false);
}

async function fetchAll(
  list: ReturnType<typeof files>,
  out: string,
): Promise<{ counts: DownloadCounts; failures: string[]; waits: number[] }> {
  const failures: string[] = [];
  const waits: number[] = [];
  const counts = await download(list, {
    out,
    parallel: 2,
    sleep: async (ms) => void waits.push(ms),
    ended: (_file, _how, failure) => void (failure === '' || failures.push(failure)),
  });
  return { counts, failures, waits };
}

function contentOf(out: string): Buffer {
  return readFileSync(join(out, files()[0]!.path));
}

describe('a download', () => {
  test('fetches files with their checksums, leaves those that are whole, and counts what the archive does not have', async () => {
    const out = folder.fresh();
    const first = await fetchAll(files(DAY + 2), out);
    expect(first.counts).toEqual({ fetched: 2, already: 0, absent: 1, failed: 0 });
    expect(contentOf(out).equals(CONTENT)).toBe(true);
    const second = await fetchAll(files(DAY + 2), out);
    expect(second.counts).toEqual({ fetched: 0, already: 2, absent: 1, failed: 0 });
    expect(asked.filter((each) => each.endsWith('.zip whole'))).toHaveLength(2);
  });

  test('gets through broken connections and refusals', async () => {
    const out = folder.fresh();
    tricks = ['drop', 'hang up', '500', '429'];
    const { counts, waits } = await fetchAll(files(), out);
    expect(counts.fetched).toBe(1);
    expect(contentOf(out).equals(CONTENT)).toBe(true);
    // It asks to be left alone for seven seconds.
    expect(waits).toEqual([500, 1000, 2000, 7000]);
  });

  test('goes on with what another process has left', async () => {
    const out = folder.fresh();
    const path = join(out, files()[0]!.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, CONTENT.subarray(0, 1234));
    writeFileSync(`${path}.part.tag`, '"one"');
    expect((await fetchAll(files(), out)).counts.fetched).toBe(1);
    expect(contentOf(out).equals(CONTENT)).toBe(true);
    expect(asked.at(-1)).toMatch(/bytes=1234-$/u);
    expect(existsSync(`${path}.part`) || existsSync(`${path}.part.tag`)).toBe(false);
  });

  test.each(['norange', 'changed'] as const)('begins anew when the server does not go on: %s', async (trick) => {
    const out = folder.fresh();
    tricks = ['drop', trick];
    expect((await fetchAll(files(), out)).counts.fetched).toBe(1);
    expect(contentOf(out).equals(CONTENT)).toBe(true);
  });

  test('fetches again what came damaged, and what lies there damaged', async () => {
    const out = folder.fresh();
    tricks = ['flip'];
    expect((await fetchAll(files(), out)).counts.fetched).toBe(1);
    writeFileSync(join(out, files()[0]!.path), 'something else');
    expect((await fetchAll(files(), out)).counts.fetched).toBe(1);
    expect(contentOf(out).equals(CONTENT)).toBe(true);
  });

  test('gives up after some tries, and leaves nothing under the name', async () => {
    const out = folder.fresh();
    tricks = ['flip', 'flip', 'flip', 'flip', 'flip', 'flip'];
    const { counts, failures } = await fetchAll(files(), out);
    expect(counts.failed).toBe(1);
    expect(failures).toEqual([`${files()[0]!.url}: what came has another checksum (6 times)`]);
    expect(existsSync(join(out, files()[0]!.path))).toBe(false);
  });

  test('knows a gzip by its own checksum where none is published', async () => {
    const out = folder.fresh();
    const list = tardisFiles({ symbols: ['BTC-USD'], type: 'trades', fromDay: DAY, toDay: DAY, baseUrl }, 'coinbase');
    tricks = ['flip'];
    expect((await fetchAll(list, out)).counts.fetched).toBe(1);
    expect(readFileSync(join(out, 'tardis/coinbase/trades/2024/08/01/BTC-USD.csv.gz')).equals(gzipSync(CONTENT))).toBe(
      true,
    );
  });
});

test('files of an archive are where it says that they are', () => {
  const wanted = {
    symbols: ['BTCUSDT', 'ETHUSDT'],
    fromDay: parseIsoDay('2024-02-28'),
    toDay: parseIsoDay('2024-03-01'),
    baseUrl: 'https://x',
  };
  expect(binanceFiles({ ...wanted, type: 'aggTrades' }, 'um', false).map(({ url }) => url)).toEqual(
    ['BTCUSDT', 'ETHUSDT'].flatMap((symbol) =>
      ['2024-02-28', '2024-02-29', '2024-03-01'].map(
        (day) => `https://x/data/futures/um/daily/aggTrades/${symbol}/${symbol}-aggTrades-${day}.zip`,
      ),
    ),
  );
  expect(
    binanceFiles({ ...wanted, type: 'trades' }, 'spot', true)
      .slice(0, 2)
      .map(({ checksumUrl }) => checksumUrl),
  ).toEqual(
    ['2024-02', '2024-03'].map(
      (month) => `https://x/data/spot/monthly/trades/BTCUSDT/BTCUSDT-trades-${month}.zip.CHECKSUM`,
    ),
  );
  expect(tardisFiles({ ...wanted, type: 'quotes' }, 'binance').map(({ url }) => url)).toEqual([
    'https://x/binance/quotes/2024/03/01/BTCUSDT.csv.gz',
    'https://x/binance/quotes/2024/03/01/ETHUSDT.csv.gz',
  ]);
  expect(() => tardisFiles({ ...wanted, toDay: wanted.fromDay, type: 'quotes' }, 'binance')).toThrow(
    'only those are free',
  );
  expect(() => binanceFiles({ ...wanted, type: 'bookTicker' }, 'spot', false)).toThrow('of futures only');
  expect(() => binanceFiles({ ...wanted, type: 'candles' }, 'spot', false)).toThrow("found 'candles'");
});

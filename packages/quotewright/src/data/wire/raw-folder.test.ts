import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openWithProgress } from '../open.ts';
import { tempFolder } from '../testing/files.ts';
import { verifyRecording } from '../verify.ts';
import { eventLines } from './testing/frames.ts';
import { Frames } from './testing/recorded.ts';

const folder = tempFolder();
const SPEC = {
  venue: 'gemini',
  symbol: 'btcusd',
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  lot: '0.001',
  contract: 'spot',
} as const;
const changes = (...list: [string, string, string][]) => ({ type: 'l2_updates', symbol: 'BTCUSD', changes: list });

/** Three files of one run: the first one alone has the snapshot. */
function rawFolder(change: (texts: string[]) => string[] = (texts) => texts): string {
  const dir = join(folder.fresh(), 'raw');
  mkdirSync(dir, { recursive: true });
  const texts = [1, 2, 3].map((part) => {
    const frames = new Frames(20_778).at(part * 1e9).header('gemini', [SPEC]);
    if (part === 1)
      frames.connect().received({ ...changes(['buy', '99.00', '1.000'], ['sell', '101.00', '2.000']), trades: [] });
    return frames.received(changes(['buy', '98.00', `${part}.000`])).lines.join('');
  });
  for (const [i, text] of change(texts).entries()) {
    writeFileSync(join(dir, `2026-11-21T10-00-00-000${i}.jsonl.zst`), zstdCompressSync(text));
  }
  writeFileSync(join(dir, '2026-11-21T10-00-00-0003.jsonl.zst.part'), 'torn');
  writeFileSync(join(dir, 'recorder.lock'), 'SQLite');
  return dir;
}

it('a folder of raw files is one recording, in the order of their names', async () => {
  const { recording, bytes, bytesRead } = await openWithProgress(rawFolder(), undefined, { strict: true });
  expect((await eventLines(recording)).slice(4)).toEqual([
    'btcusd LEVEL buy 98 1 #0 last',
    'btcusd LEVEL buy 98 2 #0 last',
    'btcusd LEVEL buy 98 3 #0 last',
  ]);
  expect(bytesRead()).toBe(bytes);
  expect(recording.report.rows).toBe(7);
});

it('files without an end of their last line do not run into the next', async () => {
  const dir = rawFolder((texts) => texts.map((text) => text.trimEnd()));
  const { recording } = await openWithProgress(dir, undefined, { strict: true });
  expect(await eventLines(recording)).toHaveLength(7);
});

it('is checked as a whole', async () => {
  const verdict = await verifyRecording(rawFolder());
  expect(verdict.checks.map(({ name, made, matched }) => [name, made, matched])).toEqual([
    ['every removed level was held', 0, 0],
    ['book never crossed after a message', 4, 4],
  ]);
  const wrong = rawFolder((texts) => [texts[0]!, texts[1]!.replace('98.00', '101.00'), texts[2]!]);
  const { checks, report } = await verifyRecording(wrong);
  expect(checks.at(-1)).toMatchObject({ made: 3, matched: 2, mismatched: 1, first: 'line 6' });
  expect([...report.bad]).toEqual([['book crossed', expect.objectContaining({ count: 1, firstLine: 6 })]]);
});

it('names the file of it that cannot be read', async () => {
  const dir = rawFolder();
  writeFileSync(join(dir, '2026-11-21T10-00-00-0001.jsonl.zst'), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]));
  const { recording } = await openWithProgress(dir, undefined, { strict: false });
  await expect(eventLines(recording)).rejects.toThrow('0001.jsonl.zst: zstd data is');
});

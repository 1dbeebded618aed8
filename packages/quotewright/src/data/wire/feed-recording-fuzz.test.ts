/** Frames of our recorder, damaged in any way: what is read is sound, and what is not is an InputError or a row of the report. */
import { Random } from '@quotewright/core/base/random';
import { expect, it } from 'vitest';
import { InputError } from '../report.ts';
import { walkBooks } from '../walk-books.ts';
import { NeverCrossed } from './book-checks.ts';
import { Frames, playedOf } from './testing/recorded.ts';

const DAY = 20_778;
const RUNS = 400;
const STEPS = { base: 'BTC', quote: 'USD', tick: '0.01', lot: '0.001', contract: 'spot' } as const;
const cents = (price: number) => (price / 100).toFixed(2);

/** A connection of each kind of venue: numbered over one line, joined to a page, and not numbered; over one line or two. */
function sound(random: Random): string[] {
  const kind = random.below(3);
  const isRedundant = random.below(2) === 1;
  const conns = isRedundant ? ['feed-1', 'feed-b-1'] : ['feed-1'];
  const [venue, symbol] = [
    ['coinbase', 'BTC-USD'] as const,
    ['binance', 'BTCUSDT'] as const,
    ['gemini', 'btcusd'] as const,
  ][kind]!;
  const frames = new Frames(DAY).header(venue, [{ ...STEPS, venue, symbol }], { isRedundant }).at(1e9);
  for (const conn of conns) frames.connect('wss://feed', conn);
  for (let i = 0; i < 12; i++) {
    frames.at((i + 1) * 1e9);
    const bid = cents(9900 + random.below(100));
    const ask = cents(10_000 + random.below(100));
    const size = String(i === 0 ? 1 : random.below(3));
    for (const conn of conns) frames.received(messageOf(kind, i, bid, ask, size), conn);
    if (kind !== 1 || i !== 0) continue;
    for (const _ of conns) {
      frames.page('/api/v3/depth?symbol=BTCUSDT&limit=5000', {
        lastUpdateId: 1,
        bids: [[bid, '1']],
        asks: [[ask, '1']],
      });
    }
  }
  return frames.lines;
}

function messageOf(kind: number, i: number, bid: string, ask: string, size: string): unknown {
  if (kind === 0) {
    const level = { event_time: '2026-11-21T00:00:01.4Z', new_quantity: size };
    const updates = [
      { side: 'bid', price_level: bid, ...level },
      { side: 'offer', price_level: ask, ...level },
    ];
    const events = [{ type: i === 0 ? 'snapshot' : 'update', product_id: 'BTC-USD', updates }];
    return { channel: 'l2_data', timestamp: '2026-11-21T00:00:01.5Z', sequence_num: i, events };
  }
  if (kind === 1) {
    if (i === 0) return { result: null, id: 1 };
    return {
      e: 'depthUpdate',
      E: 1_795_219_200_100,
      s: 'BTCUSDT',
      U: i + 1,
      u: i + 1,
      b: [[bid, size]],
      a: [[ask, size]],
    };
  }
  const changes = [
    ['buy', bid, size],
    ['sell', ask, size],
  ];
  return { type: 'l2_updates', symbol: 'BTCUSD', changes, ...(i === 0 ? { trades: [] } : {}) };
}

function damaged(lines: string[], random: Random): string[] {
  for (let times = 1 + random.below(4); times > 0; times--) {
    // The header stays: what is wrong with it is refused at once.
    const at = 1 + random.below(lines.length - 1);
    const line = lines[at]!;
    const place = random.below(line.length);
    const other = 1 + random.below(lines.length - 1);
    const kind = random.below(7);
    if (kind === 0) lines.splice(at, 1);
    else if (kind === 1) lines.splice(at, 0, line);
    else if (kind === 2) [lines[at], lines[other]] = [lines[other]!, line];
    else if (kind === 3) lines[at] = line.slice(0, place);
    else if (kind === 4)
      lines[at] = line.slice(0, place) + String.fromCharCode(32 + random.below(200)) + line.slice(place + 1);
    else if (kind === 5)
      lines[at] = line.replace(/\d+/u, ['0', '-1', '1e99', 'NaN', '99999999999999999999'][random.below(5)]!);
    else lines.splice(at, 0, lines[0]!);
    if (lines.length < 3) return lines;
  }
  return lines;
}

it(`survives ${RUNS} damaged recordings, and no book that it believes is crossed`, async () => {
  const random = Random.stream(6, 'damaged frames');
  let [believed, told] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const lines = damaged(sound(random), random);
    const recording = await playedOf(lines);
    const crossed = new NeverCrossed(recording.instruments);
    try {
      await walkBooks(recording, [], [crossed]);
    } catch (error) {
      if (!(error instanceof InputError)) throw new Error(`run ${run}:\n${lines.join('\n')}`, { cause: error });
    }
    expect(crossed.check.first).toBeUndefined();
    believed += crossed.check.made;
    if (recording.report.badRows + recording.report.gaps > 0) told++;
  }
  expect(believed).toBeGreaterThan(RUNS * 4);
  expect(told).toBeGreaterThan(RUNS / 3);
});

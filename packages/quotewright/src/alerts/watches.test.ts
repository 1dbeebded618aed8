/** What is watched between slices: quotes on both sides, and a journal that keeps up. */
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { sampleMarkets } from '../calibrate/sample-markets.ts';
import { tempFolder } from '../data/testing/files.ts';
import { AlertCenter } from './alert-center.ts';
import { queryAlerts } from './alert-history.ts';
import { JournalWatch } from './journal-watch.ts';
import { QuoteWatch, type Quoting } from './quote-watch.ts';

const folder = tempFolder();
const instruments = sampleMarkets('BTCUSDT,ETHUSDT').map(({ instrument }) => instrument);

/** Texts of the alerts that were raised. */
async function raised(act: (center: AlertCenter) => void): Promise<string[]> {
  const dir = folder.fresh();
  const center = await AlertCenter.open({ instruments, epochDay: 0, dir });
  act(center);
  await center.close();
  return (await queryAlerts(dir, {}, { lines: 0, first: 0 })).map(({ alert }) => alert.text);
}

/** An engine of one strategy with open lots by market: bid, ask. */
function quoting(...lots: readonly (readonly [number, number])[]): Quoting {
  const desk = { openLots: (_: number, market: number, side: Side) => lots[market]![side === Side.BUY ? 0 : 1] };
  // oxlint-disable-next-line no-unsafe-type-assertion -- what the watch looks at
  return { desk, instruments, seats: [{ index: 0 }] } as unknown as Quoting;
}

describe('the quote watch', () => {
  it('tells when an instrument that was quoted is not any more, and when it is over', async () => {
    const texts = await raised((center) => {
      const watch = new QuoteWatch(2, center, { share: 0.75, windowNs: 4e9 });
      const sides = (count: number, bid: number, ask: number, fromNs: number): void => {
        for (let i = 0; i < count; i++) watch.look(quoting([bid, ask], [0, 0]), fromNs + i * 1e9);
      };
      sides(5, 1, 1, 0);
      sides(2, 1, 1, 5e9);
      sides(2, 1, 0, 7e9);
      sides(8, 1, 1, 9e9);
    });
    expect(texts).toEqual([
      'WARNING QUOTE_UPTIME living:BTCUSDT quoted on both sides 0.5 of the time against 0.75 of the time',
      'INFO QUOTE_UPTIME living:BTCUSDT quoted on both sides 1 of the time against 0.75 of the time',
    ]);
  });
});

describe('the journal watch', () => {
  it('tells once when records wait too long to be safe, and when they are', async () => {
    const texts = await raised((center) => {
      let ms = 0;
      const watch = new JournalWatch(center, 100, () => ms);
      const look = (atMs: number, appended: number, committed: number): void => {
        ms = atMs;
        watch.look({ appended, committed }, atMs * 1e6);
      };
      // It keeps up, although it is always a little behind.
      for (let i = 0; i < 50; i++) look(i * 10, i * 100, i * 100 - 150);
      look(500, 5000, 4800);
      look(590, 6000, 4800);
      look(700, 7000, 4800);
      look(900, 8000, 4800);
      look(1000, 9000, 9000);
      look(1010, 9100, 9000);
    });
    expect(texts).toEqual([
      expect.stringMatching(/^WARNING JOURNAL_LAG records not safe for \d+ ms against 100 ms$/),
      expect.stringMatching(/^INFO JOURNAL_LAG records not safe for \d+ ms against 100 ms$/),
    ]);
  });
});

/**
 * A feed in the layout of the shared workloads that the shared generator never makes: levels that cross the other side, prints away from the
 * touch, removals of levels that are not there, rows received out of the order in which they happened.
 */
import { Random } from '@quotewright/core/base/random';

const RECORD = 64;
const DEPTH = 1;
const TRADE = 2;
const BOTH_CLOCKS = 0xc000_0000;
const BUY = 0x2000_0000;
const SELL = 0x1000_0000;
const ORIGIN_NS = 1_700_000_000_000_000_000n;
const MIDDLE = 600_000;

export function crossingFeed(rows: number, seed: number): Uint8Array {
  const random = Random.stream(seed, 'crossing feed');
  const bytes = new Uint8Array(rows * RECORD);
  const view = new DataView(bytes.buffer);
  let venueNs = 0;
  let localNs = 0;
  for (let row = 0; row < rows; row++) {
    const at = row * RECORD;
    venueNs += 1 + random.below(2_000_000);
    const happenedNs = venueNs - (random.below(20) === 0 ? random.below(3_000_000) : 0);
    localNs = Math.max(localNs, venueNs + 2_000_000 + random.below(500_000));
    const isBuy = random.below(2) === 0;
    // The first rows lay a level each side, so that no step finds an empty side.
    const isTrade = row > 1 && random.below(5) === 0;
    const isBid = row === 0 ? true : row === 1 ? false : isBuy;
    const away = row < 2 ? 60 : random.below(30) - (random.below(40) === 0 ? 6 : 0);
    const ticks = isTrade ? MIDDLE + random.below(20) - 10 : MIDDLE + (isBid ? -away : away);
    const lots = isTrade || row < 2 || random.below(4) !== 0 ? 1 + random.below(200) : 0;
    view.setUint32(at, (isTrade ? TRADE : DEPTH) + BOTH_CLOCKS + (isBid ? BUY : SELL), true);
    view.setBigInt64(at + 8, ORIGIN_NS + BigInt(Math.max(0, happenedNs)), true);
    view.setBigInt64(at + 16, ORIGIN_NS + BigInt(localNs), true);
    view.setFloat64(at + 24, ticks * 0.1, true);
    view.setFloat64(at + 32, lots * 0.001, true);
  }
  return bytes;
}

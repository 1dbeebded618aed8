/**
 * Runs a mixed plain flow under `--trace-gc` and prints a line before and after the measured part, so that its parent sees
 * which collections fell between. With the argument `control` it allocates on purpose, to show that the parent would see it.
 */
import { writeSync } from 'node:fs';
import { Side } from '../../market/side.ts';
import { SelfTrade, TimeInForce } from '../codes.ts';
import { MatchingEngine } from '../engine.ts';
import { EventField, MatchEventBuffer } from '../events.ts';

const isControl = process.argv[2] === 'control';
const WARM_UP = 2_000_000;
const MEASURED = 1_000_000;
const LIVE = 8192;

let checksum = 0;
const events = new MatchEventBuffer(512, ({ ints, length }) => {
  for (let record = 0; record < length; record++) checksum = (checksum + ints[(record << 3) | EventField.SLOT]!) | 0;
});
const engine = new MatchingEngine(events, 1 << 17);
const slots = new Int32Array(LIVE);
const generations = new Int32Array(LIVE);
const kept: number[][] = [];
let state = 12345;

function draw(): number {
  state = (Math.imul(state, 1103515245) + 12345) | 0;
  return (state >>> 8) & 0xffff;
}

/** Adds, takes and cancels: an order that another one in the same place replaces is cancelled first. */
function run(ops: number): void {
  for (let op = 0; op < ops; op++) {
    const at = draw() & (LIVE - 1);
    const slot = slots[at]!;
    if (slot !== 0 && engine.book.isLive(slot, generations[at]!)) {
      engine.cancel(slot, generations[at]!);
      slots[at] = 0;
      continue;
    }
    const bits = draw();
    const side = (bits & 1) === 0 ? Side.BUY : Side.SELL;
    const offset = (bits >> 1) & 63;
    const price = (side === Side.BUY ? 990 + offset : 1010 - offset) + 10_000;
    const size = 1 + ((bits >> 7) & 15);
    const timeInForce = (bits >> 11) % 10 === 0 ? TimeInForce.IOC : TimeInForce.GTC;
    const rests = engine.limit(side, price, size, op, 0, timeInForce, SelfTrade.ALLOW);
    slots[at] = rests;
    if (rests !== 0) generations[at] = engine.book.generationOf(rests);
    if (isControl) kept[op & 1023] = [op, size, price];
  }
  events.flush();
}

run(WARM_UP);
writeSync(1, 'MEASURED PART BEGINS\n');
run(MEASURED);
writeSync(1, 'MEASURED PART ENDS\n');
writeSync(1, `checksum ${checksum} ${kept.length}\n`);

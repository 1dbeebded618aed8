/** What a flight keeps: its inputs on disk, its bits, its tables, its states. */
import { readdirSync } from 'node:fs';
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { SAMPLE_HEADER } from '../journal/testing/sample-journal.ts';
import { headerEngine, headerStrategies } from '../journal/replay-engine.ts';
import { resolveParams } from '../backtest/load-strategy.ts';
import { findStrategy } from '@quotewright/core/strategies/registry';
import { Checkpoints } from './checkpoints.ts';
import { EventFlags } from './event-flags.ts';
import { RecordSpool } from './record-spool.ts';
import { Rows } from './rows.ts';

const folder = tempFolder();

describe('the file of inputs', () => {
  it.each([0, 1, 4095, 4096, 4097, 20_000])(
    'gives back any of %i records, in any order, and leaves nothing',
    (count) => {
      const dir = folder.fresh();
      const spool = new RecordSpool(dir);
      const record = new Float64Array(EVENT_STRIDE + 3);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < EVENT_STRIDE; k++) record[3 + k] = i * 10 + k;
        spool.append(record, 3);
      }
      spool.seal();
      expect(readdirSync(dir)).toEqual([]);
      const random = Random.stream(count + 1, 'reads');
      const reads = count === 0 ? 0 : 300;
      for (let i = 0; i < reads; i++) {
        const wanted = random.below(count);
        const at = spool.at(wanted);
        expect([...spool.data.subarray(at, at + EVENT_STRIDE)]).toEqual(
          [0, 1, 2, 3, 4, 5, 6, 7].map((k) => wanted * 10 + k),
        );
      }
      for (const wrong of [-1, count, Number.NaN]) expect(() => spool.at(wrong)).toThrow(RangeError);
      spool.close();
    },
  );

  it('cannot be where no folder can be', () => {
    expect(() => new RecordSpool('/proc/nothing')).toThrow(/^\/proc\/nothing: /);
  });
});

describe('bits of events', () => {
  it('are found as by looking at each', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = Random.stream(seed, 'bits');
      const all = Array.from({ length: 1 + random.below(70_000) }, () =>
        random.below(100) === 0 ? 1 << random.below(8) : 0,
      );
      const flags = new EventFlags();
      for (const bits of all) flags.push(bits);
      for (let i = 0; i < 12; i++) {
        const from = random.below(all.length + 2) - 1;
        const mask = 1 + random.below(255);
        const matches = (bits: number): boolean => (bits & mask) !== 0;
        const next = all.findIndex((bits, event) => event > from && matches(bits));
        expect(flags.find(mask, from, 1)).toBe(next);
        expect(flags.find(mask, from, -1)).toBe(all.findLastIndex((bits, event) => event < from && matches(bits)));
      }
    }
  });
});

describe('rows', () => {
  it('count those up to a number', () => {
    const rows = new Rows(2, 1);
    const keys = [3, 3, 5, 8, 8, 8, 9];
    for (const key of keys) {
      const at = rows.add();
      rows.data[at] = key;
    }
    for (let value = 0; value < 12; value++) {
      expect(rows.countTo(value)).toBe(keys.filter((key) => key <= value).length);
    }
  });
});

describe('states', () => {
  it('stay few and small, the first among them, each at the newest place before', async () => {
    const strategies = [{ strategy: 'glft', params: resolveParams(findStrategy('glft')!, {}) }];
    const header = { ...SAMPLE_HEADER, strategies };
    const engine = headerEngine(header, { strategies: await headerStrategies(header) });
    const state = engine.save();
    for (const limits of [
      { most: 2, mostBytes: 1e9, every: 10 },
      { most: 7, mostBytes: 1e9, every: 10 },
      { most: 1e9, mostBytes: 20_000, every: 10 },
      { most: 1e9, mostBytes: 1, every: 10 },
    ]) {
      const checkpoints = new Checkpoints(limits);
      for (let events = 0; events <= 1000; events += 10)
        if (checkpoints.isDue(events)) checkpoints.add(events, state, events);
      expect(checkpoints.count).toBeLessThanOrEqual(limits.most);
      if (checkpoints.count > 1) expect(checkpoints.bytes).toBeLessThanOrEqual(limits.mostBytes);
      const { every } = checkpoints;
      for (const events of [0, 5, 10, 999, 1000, 5000]) {
        const before = checkpoints.before(events);
        expect(before).toBe(checkpoints.count === 1 ? 0 : Math.floor(Math.min(events, 1000) / every) * every);
        expect(checkpoints.stateOf(before)).toEqual(state);
        expect(checkpoints.oldest(events)).toBe(before);
      }
      expect(checkpoints.before(-1)).toBe(-1);
      expect(() => checkpoints.stateOf(7)).toThrow(RangeError);
    }
  });
});

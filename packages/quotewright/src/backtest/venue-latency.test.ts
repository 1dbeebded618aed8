import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { describe, expect, it } from 'vitest';
import { venueLatencies } from './venue-latency.ts';

const VENUES = ['coins', 'perps'];

const floors = (text: string): number[] => venueLatencies(text, VENUES, 1, 'latency').map((each) => each.feedNs(0));

describe('latencies by venue', () => {
  it('are one for all, one for each, or one for those that are not named', () => {
    expect(floors('1ms')).toEqual([1e6, 1e6]);
    expect(floors('perps=5ms, coins=2ms')).toEqual([2e6, 5e6]);
    expect(floors('1ms,perps=5ms')).toEqual([1e6, 5e6]);
  });

  it('are drawn by each venue for itself, by the first as if it were the only one', () => {
    const [first, second] = venueLatencies('1ms+exp:1ms', VENUES, 7, 'latency');
    const delay = { floorNs: 1e6, exponentialMeanNs: 1e6 };
    const alone = new DelayLatency({ request: delay, report: delay, marketData: delay }, 7);
    const draws = Array.from({ length: 20 }, () => [first!.feedNs(0), second!.feedNs(0), alone.feedNs(0)] as const);
    expect(draws.map(([a]) => a)).toEqual(draws.map(([, , c]) => c));
    expect(draws.map(([, b]) => b)).not.toEqual(draws.map(([a]) => a));
  });

  it.each([
    ['fast', "latency latency: found 'fast'"],
    ['', "latency latency: found ''"],
    ['1ms,perps=', "latency latency: found ''"],
    ['perps=1ms', "latency: found 'perps=1ms', which leaves out 'coins'"],
    ['1ms,spot=2ms', "which names 'spot'; expected 1ms, or VENUE=1ms,… of coins, perps"],
    ['1ms,perps=1ms,perps=2ms', "which names 'perps' twice"],
    ['1ms,2ms', 'which holds two for all others'],
    ['-1ms', 'latency'],
  ])('%j is refused', (text, message) => {
    expect(() => venueLatencies(text, VENUES, 1, 'latency')).toThrow(message);
  });
});

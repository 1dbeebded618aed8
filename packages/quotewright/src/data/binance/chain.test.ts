import { describe, expect, it } from 'vitest';
import { ChainState, DiffChain, Link } from './chain.ts';

function chain(futures: boolean, snapshot?: number): DiffChain {
  const made = new DiffChain(futures);
  if (snapshot !== undefined) made.snapshot(snapshot);
  return made;
}

describe('spot', () => {
  it.each([
    ['ends before the snapshot', 90, 99, Link.OLD],
    ['ends with the snapshot', 90, 100, Link.OLD],
    ['covers the id after the snapshot', 95, 101, Link.APPLY],
    ['begins with the id after the snapshot', 101, 105, Link.APPLY],
    ['begins one id too late', 102, 105, Link.BREAK],
  ])('takes the first diff when it %s', (_, first, last, link) => {
    expect(chain(false, 100).link(first, last, 0)).toBe(link);
  });

  it('wants each diff to begin after the one before', () => {
    const spot = chain(false, 100);
    expect(spot.link(101, 105, 0)).toBe(Link.APPLY);
    expect(spot.state).toBe(ChainState.SYNCED);
    expect(spot.link(106, 106, 0)).toBe(Link.APPLY);
    expect(spot.link(106, 106, 0)).toBe(Link.DUPLICATE);
    expect(spot.link(101, 105, 0)).toBe(Link.DUPLICATE);
    expect(spot.expected).toBe('U = 107');
    expect(spot.link(108, 110, 0)).toBe(Link.BREAK);
    expect([spot.state, spot.links, spot.breaks]).toEqual([ChainState.PARTIAL, 2, 1]);
  });

  it('breaks on ids that overlap those before only in part', () => {
    const spot = chain(false, 100);
    spot.link(101, 105, 0);
    expect(spot.link(104, 110, 0)).toBe(Link.BREAK);
  });
});

describe('futures', () => {
  it.each([
    ['ends before the snapshot', 90, 99, 80, Link.OLD],
    ['ends with the snapshot', 90, 100, 80, Link.APPLY],
    ['covers the snapshot', 95, 120, 80, Link.APPLY],
    ['begins with the snapshot', 100, 120, 80, Link.APPLY],
    ['continues the snapshot exactly', 110, 120, 100, Link.APPLY],
    ['leaves a hole after the snapshot', 110, 120, 105, Link.BREAK],
  ])('takes the first diff when it %s', (_, first, last, previous, link) => {
    expect(chain(true, 100).link(first, last, previous)).toBe(link);
  });

  it('wants each diff to name the final id before, whatever its first id is', () => {
    const futures = chain(true, 100);
    futures.link(95, 120, 80);
    expect(futures.link(130, 140, 120)).toBe(Link.APPLY);
    expect(futures.expected).toBe('pu = 140');
    expect(futures.link(141, 150, 139)).toBe(Link.BREAK);
    expect(futures.link(160, 170, 150)).toBe(Link.APPLY);
    expect(futures.state).toBe(ChainState.PARTIAL);
  });
});

it('takes a snapshot of a book in order only when it is newer', () => {
  const spot = chain(false, 100);
  spot.link(101, 110, 0);
  expect(spot.snapshot(105)).toBe(false);
  expect(spot.state).toBe(ChainState.SYNCED);
  expect(spot.snapshot(110)).toBe(true);
  expect(spot.link(111, 112, 0)).toBe(Link.APPLY);
  spot.link(200, 201, 0);
  expect(spot.snapshot(150)).toBe(true);
});

it('follows diffs without a snapshot, and goes on from another chain', () => {
  const first = chain(false);
  expect(first.link(10, 20, 0)).toBe(Link.APPLY);
  expect(first.link(21, 22, 0)).toBe(Link.APPLY);
  expect(first.link(24, 25, 0)).toBe(Link.BREAK);
  expect(first.state).toBe(ChainState.PARTIAL);

  const synced = chain(false, 100);
  synced.link(101, 110, 0);
  const next = chain(false);
  next.continueFrom(synced);
  expect(next.link(111, 112, 0)).toBe(Link.APPLY);
  expect(next.state).toBe(ChainState.SYNCED);
});

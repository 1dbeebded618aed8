/** The flows that the matching engine is tried with. */
import type { Random } from '../../base/random.ts';
import type { Profile } from './flow.ts';

const near = (width: number) => (random: Random) => 1000 + random.below(width) - (width >> 1);
const small = (random: Random): number => 1 + random.below(10);
const plain = { owners: 0, special: 0, amends: 0, stale: 0, features: [], lots: small } as const;
const special = {
  sessionOps: 5000,
  live: 30,
  owners: 3,
  selfTrade: true,
  special: 60,
  amends: 12,
  stale: 3,
  lots: small,
};

export const PROFILES: readonly Profile[] = [
  {
    ...plain,
    name: 'plain flow near the touch',
    ops: 1_650_000,
    sessionOps: 20_000,
    live: 40,
    amends: 4,
    stale: 1,
    passive: 6,
    price: near(12),
  },
  {
    ...plain,
    name: 'sweeps through many levels, with an event buffer of two records',
    ops: 400_000,
    sessionOps: 20_000,
    live: 80,
    buffer: 2,
    passive: 20,
    price: near(40),
    lots: (random) => (random.below(12) === 0 ? 200 + random.below(300) : small(random)),
  },
  {
    ...special,
    name: 'icebergs and self-trade prevention among few owners',
    ops: 300_000,
    owners: 2,
    features: ['iceberg', 'immediate'],
    passive: 4,
    price: near(8),
  },
  {
    ...special,
    name: 'conditional orders and their cascades, with an event buffer of one record',
    ops: 300_000,
    buffer: 1,
    features: ['conditional', 'immediate'],
    passive: 15,
    price: near(30),
  },
  {
    ...special,
    name: 'pairs, one cancels the other',
    ops: 300_000,
    features: ['oco', 'conditional', 'iceberg', 'immediate'],
    passive: 6,
    price: near(12),
  },
  {
    ...special,
    name: 'auctions and halts',
    ops: 200_000,
    features: ['states', 'postOnly', 'conditional', 'oco', 'iceberg', 'immediate'],
    passive: 6,
    price: near(12),
  },
  {
    ...special,
    name: 'orders that expire, days that end at 22:00',
    ops: 200_000,
    dayEndNs: 22 * 3600e9,
    features: ['time', 'conditional', 'oco', 'postOnly'],
    passive: 10,
    price: near(20),
  },
  {
    ...special,
    name: 'prices from -2^41 to 2^41 and beside the touch',
    ops: 200_000,
    live: 60,
    features: ['postOnly', 'conditional', 'states'],
    passive: 20,
    price: (random, step) => {
      const centre = Math.round(2 ** 40 * Math.sin(step / 700));
      const kind = random.below(10);
      if (kind < 6) return centre + random.below(50) - 25;
      if (kind < 9) return centre + random.below(400_000) - 200_000;
      return centre + Math.round((random.uniform() - 0.5) * 2 ** 41);
    },
  },
  {
    ...special,
    name: 'sizes up to 2^46',
    ops: 120_000,
    features: ['iceberg', 'immediate', 'states'],
    passive: 5,
    price: near(10),
    // Not too unequal, because a small iceberg amended to a huge one trades in a great many slices.
    lots: (random) => 2 ** 40 + Math.floor(random.uniform() * (2 ** 46 - 2 ** 40)),
  },
  {
    ...special,
    name: 'sizes around 2^26, 2^31 and 2^32',
    ops: 120_000,
    features: ['iceberg', 'immediate', 'states'],
    passive: 5,
    price: near(10),
    lots: (random) => 2 ** [26, 31, 32][random.below(3)]! - 2 + random.below(5),
  },
  {
    ...special,
    name: 'bad requests of each kind, everything else too',
    ops: 200_000,
    special: 80,
    buffer: 7,
    features: ['bad', 'states', 'time', 'postOnly', 'conditional', 'oco', 'iceberg', 'immediate'],
    passive: 8,
    price: near(16),
  },
  {
    ...special,
    name: 'stale handles and slots used again and again',
    ops: 200_000,
    live: 4,
    amends: 20,
    stale: 40,
    features: ['iceberg', 'oco', 'conditional'],
    passive: 3,
    price: near(6),
  },
];

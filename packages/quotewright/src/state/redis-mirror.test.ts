/** A session that is repeated in Redis: what stands there, and what becomes of both when Redis is away. */
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { type LivingServer, livingServer } from '../server/testing/living-server.ts';
import { type RedisServer, freePort, startRedis } from './testing/redis-server.ts';

const folder = tempFolder();
const ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function redisAt(port: number): Promise<RedisServer> {
  const server = await startRedis(folder.fresh(), port);
  ends.push(() => server.stop());
  return server;
}
function clientAt(port: number): Redis {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => {});
  ends.push(() => client.disconnect());
  return client;
}
async function sessionAt(port: number): Promise<LivingServer> {
  const redis = { url: `redis://127.0.0.1:${port}`, prefix: 'qw' };
  const session = await livingServer(folder.fresh(), { symbols: 'BTCUSDT', config: { redis } });
  ends.push(() => session.close());
  return session;
}
const complaints = ({ said }: LivingServer): string[] =>
  said.flatMap((message) => (message.type === 'complaint' ? [message.detail] : []));

/** Market time passes until something is so. */
async function until(session: LivingServer, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    if (await isSo()) return;
    await session.act('/api/v1/health', { method: 'GET' });
  }
  throw new Error(`it never was so: ${complaints(session).join('; ')}`);
}

/** Numbers of the fills in their stream. */
async function fillsIn(client: Redis): Promise<number[]> {
  const entries = await client.xrange('qw:stream:fills', '-', '+');
  return entries.map(([, fields]) => {
    const { number }: { number: number } = JSON.parse(fields[fields.indexOf('data') + 1]!);
    return number;
  });
}

describe('a session in Redis', () => {
  it('has its latest state, its streams and its metrics there', async () => {
    const port = await freePort();
    await redisAt(port);
    const client = clientAt(port);
    await client.hset('qw:metrics', { endedMs: 1, 'strategy:0:of-an-earlier-session:pnl:USDT': 5 });
    const session = await sessionAt(port);
    await session.pass(600);
    const fills = session.engine.seats[0]!.fills;
    expect(fills).toBeGreaterThan(5);
    await until(session, async () => (await client.xlen('qw:stream:fills')) >= fills);
    const metrics = await client.hgetall('qw:metrics');
    expect(metrics).toMatchObject({ riskState: 'ACTIVE', epoch: 'test', 'breaker:all': 'CLOSED' });
    expect(Number(metrics['inputs'])).toBeGreaterThan(1000);
    expect(Object.keys(metrics).filter((name) => /ended|earlier/u.test(name))).toEqual([]);
    expect(Object.keys(metrics)).toEqual(
      expect.arrayContaining([
        'strategy:0:basic-maker:pnl:USDT',
        'position:living:BTCUSDT',
        'mid:living:BTCUSDT',
        'updatedMs',
      ]),
    );
    const numbers = await fillsIn(client);
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
    expect(JSON.parse((await client.get('qw:session'))!)).toMatchObject({
      id: 'test',
      instruments: [{ name: 'living:BTCUSDT' }],
    });
    const book = JSON.parse((await client.get('qw:latest:book:living:BTCUSDT'))!);
    expect(book.data.bids[0][0]).toBeLessThan(book.data.asks[0][0]);
    expect(book.data.bids).toEqual(book.data.bids.toSorted((a: number[], b: number[]) => b[0]! - a[0]!));
    const keys = (await client.keys('qw:*')).toSorted();
    for (const topic of [
      'book:living:BTCUSDT',
      'trades:living:BTCUSDT',
      'quotes:living:BTCUSDT',
      'fills',
      'pnl',
      'risk',
      'regime',
      'system',
    ])
      expect(keys, topic).toEqual(expect.arrayContaining([`qw:latest:${topic}`, `qw:stream:${topic}`]));
    expect(complaints(session)).toEqual([]);
    const { redis } = (await session.ask('/api/v1/system')).json;
    expect(redis).toMatchObject({ state: 'up', detail: `127.0.0.1:${port}` });
    expect(redis.written).toBeGreaterThan(20);
    await session.close();
    expect(await client.hget('qw:metrics', 'ready')).toBe('0');
  });

  it('that is not there at the start is told once, and found when it comes', async () => {
    const port = await freePort();
    const session = await sessionAt(port);
    await until(session, () => complaints(session).length > 0);
    await until(session, () => session.engine.seats[0]!.fills > 3);
    expect(complaints(session)).toEqual([expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ is away: .*ECONNREFUSED/u)]);
    expect((await session.ask('/api/v1/system')).json.redis.state).toBe('down');
    await redisAt(port);
    const client = clientAt(port);
    await until(session, async () => (await client.xlen('qw:stream:fills')) > 3);
    expect(complaints(session)).toHaveLength(2);
    expect(complaints(session)[1]).toMatch(/is back$/u);
  });

  it('that goes midway loses nothing that a page would not lose', async () => {
    const port = await freePort();
    const server = await redisAt(port);
    const session = await sessionAt(port);
    const before = clientAt(port);
    await session.pass(300);
    await until(session, async () => (await before.xlen('qw:stream:fills')) > 0);
    await server.stop();
    await until(session, () => complaints(session).length === 1);
    const fills = session.engine.seats[0]!.fills;
    await until(session, () => session.engine.seats[0]!.fills > fills + 3);
    await redisAt(port);
    await until(session, () => complaints(session).length === 2);
    const now = session.engine.seats[0]!.fills;
    const client = clientAt(port);
    await until(session, async () => ((await fillsIn(client)).at(-1) ?? 0) >= now);
    // The new one was empty: what came while it was away is in it, without a gap.
    const numbers = await fillsIn(client);
    expect(numbers[0]).toBeLessThanOrEqual(fills + 1);
    expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
    expect(complaints(session)).toEqual([expect.stringContaining('is away'), expect.stringContaining('is back')]);
  });

  it('that hangs, or refuses to write, is an alert and no stop', async () => {
    const port = await freePort();
    const server = await redisAt(port);
    const session = await sessionAt(port);
    const client = clientAt(port);
    await until(session, async () => (await client.exists('qw:metrics')) === 1);
    await client.config('SET', 'maxmemory', '1');
    await until(session, () => complaints(session).some((text) => text.includes('refuses writes')));
    await client.config('SET', 'maxmemory', '0');
    await until(session, () => complaints(session).some((text) => text.includes('takes writes again')));
    server.process.kill('SIGSTOP');
    await until(session, () => complaints(session).some((text) => text.includes('is away')));
    expect((await session.ask('/api/v1/health')).status).toBe(200);
    server.process.kill('SIGCONT');
    await until(session, () => complaints(session).some((text) => text.includes('is back')));
    expect(complaints(session)).toHaveLength(4);
  });
});

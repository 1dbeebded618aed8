/** What a server tells of a session that lives is what the trading engine holds. */
import { Side } from '@quotewright/core/market/side';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { openOrdersOf } from '../risk/operable.ts';
import { type LivingServer, livingServer } from './testing/living-server.ts';

const folder = tempFolder();
let session: LivingServer;
beforeAll(async () => {
  session = await livingServer(folder.fresh());
  session.server.take({
    type: 'alert',
    alert: {
      number: 1,
      time: '2026-01-05T00:00:05Z',
      type: 'RISK_STATE',
      severity: 'CRITICAL',
      instrument: null,
      value: 1,
      limit: 1,
      detail: null,
      heldBack: 0,
      text: 'drawdown',
    },
  });
  await session.pass(700);
});
afterAll(() => session.close());

const ascending = (a: number, b: number): number => a - b;
const get = async (path: string) => {
  const { status, json, text } = await session.ask(`/api/v1/${path}`);
  expect(status, text).toBe(200);
  return json;
};

describe('the server of a session that lives', () => {
  it('shows the books of the trading engine', async () => {
    for (const [market, { symbol, price, size }] of session.engine.instruments.entries()) {
      const { bids, asks, isReady } = await get(`books/${symbol}?depth=20`);
      expect(isReady).toBe(true);
      const { book } = session.engine.seats[0]!.markets[market]!;
      for (const [side, levels] of [
        [Side.BUY, bids],
        [Side.SELL, asks],
      ] as const) {
        const [ticks, lots] = [new Float64Array(20), new Float64Array(20)];
        const count = book.top(side, 20, ticks, lots);
        expect(levels).toEqual(
          Array.from({ length: count }, (_, i) => [price.format(ticks[i]!), size.format(lots[i]!)]),
        );
      }
    }
    expect((await get('books?depth=3')).map(({ bids }: { bids: unknown[] }) => bids.length)).toEqual([3, 3]);
  });

  it('shows its positions and its profit', async () => {
    const [seat] = session.engine.seats;
    seat!.mark();
    const positions = await get('positions');
    const { ledger } = seat!;
    expect(positions).toEqual(
      session.engine.instruments.map(({ venue, symbol, size }, market) =>
        expect.objectContaining({
          instrument: `${venue}:${symbol}`,
          size: size.format(ledger.positionLots(market)),
          realised: ledger.realised(market),
        }),
      ),
    );
    const { timesMs, values, unit } = await get('performance/series?metric=pnl');
    expect(unit).toBe('currency');
    expect(timesMs.length).toBe(values.length);
    expect(timesMs.length).toBeGreaterThan(60);
    // What JSON cannot say, and what is no time at all, is refused rather than answered wrongly.
    for (const resolution of ['1e300', '1e999', '-1', '0', 'NaN', '']) {
      const { status } = await session.ask(`/api/v1/performance/series?metric=pnl&resolution=${resolution}`);
      expect(status, resolution).toBe(400);
    }
    const { strategies } = await get('performance');
    expect(strategies[0].markets).toHaveLength(2);
    const { total, ...parts } = strategies[0].markets[0].attribution;
    const sum = Object.values<number>(parts).reduce((all, each) => all + each, 0);
    expect(sum).toBeCloseTo(total, 6);
  });

  it('shows its orders, those that are finished too', async () => {
    const open = await get('orders');
    expect(open.map(({ id }: { id: number }) => id).toSorted(ascending)).toEqual(
      openOrdersOf(session.engine)
        .map(({ order }) => order)
        .toSorted(ascending),
    );
    const all = await get('orders?state=all&limit=5000');
    expect(all.length).toBeGreaterThan(open.length);
    expect(new Set(all.map(({ id }: { id: number }) => id)).size).toBe(all.length);
    expect(all.map(({ sentMs }: { sentMs: number }) => -sentMs)).toEqual(
      all.map(({ sentMs }: { sentMs: number }) => -sentMs).toSorted((a: number, b: number) => a - b),
    );
    const eth = await get('orders?state=all&instrument=ETHUSDT&limit=7');
    expect(eth).toHaveLength(7);
    expect(new Set(eth.map(({ instrument }: { instrument: string }) => instrument))).toEqual(
      new Set(['living:ETHUSDT']),
    );
  });

  it('pages through its fills', async () => {
    const all = await get('fills?limit=5000');
    expect(all).toHaveLength(session.engine.seats[0]!.fills);
    const first = await get('fills?limit=10');
    const then = await get(`fills?limit=10&before=${first.at(-1).number}`);
    expect([...first, ...then]).toEqual(all.slice(0, 20));
  });

  it('lists alerts by what is asked for', async () => {
    expect(await get('alerts')).toMatchObject([{ number: 1, severity: 'CRITICAL', isAcknowledged: false }]);
    for (const query of ['severity=EMERGENCY', 'type=SYSTEM_ERROR', 'since=2000000000000'])
      expect(await get(`alerts?${query}`), query).toEqual([]);
    session.server.take({ type: 'acknowledged', number: 1 });
    expect((await get('alerts'))[0].isAcknowledged).toBe(true);
  });

  it('works out value at risk by several methods, whose parts add up', async () => {
    const { figures, components, stress, returns, intervalSeconds } = await get('risk/var');
    expect([returns >= 60, intervalSeconds]).toEqual([true, 1]);
    const methods = new Set(figures.map(({ method }: { method: string }) => method));
    expect([...methods]).toEqual(['historical', 'parametric', 'student-t', 'filtered', 'monte-carlo']);
    for (const { valueAtRisk, expectedShortfall } of figures)
      expect(expectedShortfall).toBeGreaterThanOrEqual(valueAtRisk);
    const whole = figures.find(
      ({ method, level }: { method: string; level: number }) => method === 'historical' && level === 0.99,
    );
    const sum = components.reduce((all: number, { component }: { component: number }) => all + component, 0);
    expect(sum).toBeCloseTo(whole.valueAtRisk, 9);
    expect(stress.length).toBeGreaterThan(5);
    for (const { pnl } of stress.filter(({ scenario }: { scenario: string }) => scenario === 'wide-spread'))
      expect(pnl).toBeLessThan(0);
  });

  it('tells of the machine under it', async () => {
    const system = await get('system');
    expect(system).toMatchObject({
      inputs: session.engine.inputs.count,
      journal: { isOn: false },
      redis: { state: 'off' },
      venues: [{ name: 'living', isConnected: true }],
    });
    const latencies = new Map<string, { count: number; p99Ns: number; buckets: [number, number][] }>(
      system.latencies.map((each: { name: string }) => [each.name, each]),
    );
    expect([...latencies.keys()]).toEqual(['engine', 'order new', 'order cancel', 'order amend', 'report', 'feed']);
    // A request is a millisecond on its way, and its answer another one.
    expect(latencies.get('order new')!.p99Ns).toBeGreaterThanOrEqual(2e6 * 0.99);
    for (const { count, buckets } of latencies.values()) {
      expect(buckets.reduce((sum, [, weight]) => sum + weight, 0)).toBe(count);
    }
    expect((await get('ready')).checks.map(({ isGood }: { isGood: boolean }) => isGood)).toEqual(Array(6).fill(true));
  });

  it('can be scraped: every line is one of Prometheus’, histograms never fall', async () => {
    const { text, headers } = await session.ask('/metrics');
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    const lines = text.split('\n').filter((line) => line !== '');
    for (const line of lines) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) quotewright_\w+ .+|quotewright_\w+(\{(\w+="[^"]*",?)+\})? (-?[\d.e+-]+|NaN|\+Inf))$/u,
      );
    }
    const value = (name: string): number =>
      Number(
        lines
          .find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))!
          .split(' ')
          .at(-1),
      );
    expect(value('quotewright_inputs_total')).toBe(session.engine.inputs.count);
    expect(value('quotewright_fills_total')).toBe(session.engine.seats[0]!.fills);
    expect(value('quotewright_risk_state{state="ACTIVE"}')).toBe(1);
    expect(text).toContain('# TYPE quotewright_inputs_total counter');
    expect(text).toContain('# TYPE quotewright_latency_seconds histogram');
    const feed = lines
      .filter((line) => line.startsWith('quotewright_latency_seconds_bucket{of="feed"'))
      .map((line) => Number(line.split(' ').at(-1)));
    expect(feed.length).toBe(35);
    expect(feed).toEqual(feed.toSorted((a, b) => a - b));
    expect(feed.at(-1)).toBe(value('quotewright_latency_seconds_count{of="feed"}'));
  });

  it('says so, once, when what it shows is not what trades', async () => {
    session.isLying = true;
    await session.pass(5);
    session.isLying = false;
    await session.pass(5);
    const ready = await session.ask('/api/v1/ready');
    expect([ready.status, ready.json.isReady]).toEqual([503, false]);
    expect(session.said).toEqual([
      { type: 'complaint', severity: 'CRITICAL', detail: expect.stringContaining('shows another state') },
    ]);
  });

  it('is over when the session is: nothing can be done to it, and it is not ready', async () => {
    session.server.take({ type: 'over' });
    const { status, json } = await session.ask('/api/v1/kill', { method: 'POST', token: session.token });
    expect([status, json.code]).toEqual([409, 'session-over']);
    const ready = await session.ask('/api/v1/ready');
    expect(ready.status).toBe(503);
    expect(ready.json.checks.find(({ name }: { name: string }) => name === 'running')).toMatchObject({ isGood: false });
    expect((await session.ask('/api/v1/fills')).status).toBe(200);
  });
});

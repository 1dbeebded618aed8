/** What the venues' private connections say, whole, damaged, twice and in another order, through every gateway. */
import { Random } from '@quotewright/core/base/random';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { Credentials } from './contract/credentials.ts';
import type { OrderGateway } from './contract/orders.ts';
import { VENUES } from './registry.ts';
import { DAMAGES } from './testing/damage.ts';
import { type PrivateLife, PRIVATE_LIVES } from './testing/private-lives.ts';
import { mutationsOf } from './testing/mutate.ts';
import { type Report, RestGatewayHost } from './testing/rest-gateway-host.ts';

const { ACK, FILL, CANCELLED, REJECT } = ReportKind;
const NUMBER = 71;
const TENTH = 1e7;
/** Damaged frames of each venue. */
const DAMAGED = mutationsOf(2000);
const RUNS = 60;
const bytesOf = (frame: unknown): Uint8Array => Buffer.from(JSON.stringify(frame));

class Desk {
  readonly host: RestGatewayHost;
  readonly gateway: OrderGateway;
  hasRoom = true;
  readonly #life: PrivateLife;

  private constructor(life: PrivateLife) {
    const { venue: name, symbol, tick, credentials, pages } = life;
    this.#life = life;
    const venue = VENUES.find((each) => each.name === name)!;
    const quote = symbol.endsWith('USDT') ? 'USDT' : 'USD';
    this.host = new RestGatewayHost({
      venue: name,
      symbol,
      base: 'BTC',
      quote,
      tick,
      lot: '0.00000001',
      contract: 'spot',
    });
    this.host.answer = ({ path }) => {
      const found = Object.entries(pages).find(([part]) => path.includes(part));
      return { status: 200, headers: {}, text: JSON.stringify(found?.[1] ?? {}) };
    };
    const values = Object.entries(credentials).map(([field, value]) => [field, Buffer.from(value)] as const);
    this.gateway = venue.orders({
      ...this.host.setup(),
      credentials: new Credentials(new Map(values)),
      budget: { take: () => this.hasRoom, observe: () => undefined, banUntil: () => undefined },
    });
  }

  /** Logged in, and the order has been sent. */
  static async open(life: PrivateLife): Promise<Desk> {
    const desk = new Desk(life);
    await desk.gateway.prepare();
    desk.connect();
    expect(desk.gateway.isReady, `${life.venue} is ready`).toBe(true);
    const priceTicks = Math.round(100 / Number(life.tick));
    desk.gateway.request(desk.host.request(RequestKind.NEW, OrderFlag.BUY, NUMBER, priceTicks, 5 * TENTH), 0, 7e9);
    return desk;
  }

  connect(): void {
    this.gateway.opened(7e9);
    for (const frame of this.#life.login) this.say(bytesOf(frame));
  }

  say(bytes: Uint8Array): void {
    this.gateway.message(bytes, 8e9);
  }
}

function expectSound(reports: readonly Report[]): void {
  for (const report of reports) {
    const { kind, orderId, price, size, seq } = report;
    const isSound =
      Object.values(ReportKind).some((each) => each === kind) &&
      Number.isSafeInteger(orderId) &&
      [price, size].every((value) => Number.isSafeInteger(value) && value >= 0) &&
      (kind !== FILL || (price > 0 && size > 0 && Number.isSafeInteger(seq) && seq > 0));
    expect(isSound, JSON.stringify(report)).toBe(true);
  }
}

describe('what a venue does to an order by itself is reported as amended', () => {
  it.each([
    [
      'kraken',
      (entry: string) => entry.replace('"exec_type":"new"', '"exec_type":"restated","limit_price":100,"order_qty":0.4'),
    ],
    ['binance', (entry: string) => entry.replace('"x":"NEW"', '"x":"TRADE_PREVENTION","A":"0.1"')],
    ['coinbase-exchange', () => '{"type":"change","reason":"STP","order_id":"X","old_size":"0.5","new_size":"0.4"}'],
  ])('%s', async (venue, change) => {
    const life = PRIVATE_LIVES.find((each) => each.venue === venue)!;
    const desk = await Desk.open(life);
    const [first] = life.frames;
    desk.say(bytesOf(first));
    await desk.host.taken();
    desk.say(Buffer.from(change(JSON.stringify(first)).replace('"sequence":2', '"sequence":3')));
    expect(await desk.host.taken()).toMatchObject([{ kind: ReportKind.AMENDED, orderId: NUMBER, size: 4 * TENTH }]);
    expect(desk.host.reconnects).toEqual([]);
  });
});

describe.each(PRIVATE_LIVES.map((life) => [life.venue, life] as const))('%s', (_, life) => {
  it('an order stands, is filled in parts, and its end is told once', async () => {
    const desk = await Desk.open(life);
    const reports: Report[] = [];
    for (const frame of life.frames) {
      desk.say(bytesOf(frame));
      // Twice: fills that have to be fetched are fetched again.
      reports.push(...(await desk.host.taken()), ...(await desk.host.taken()));
    }
    expect(reports.map(({ kind, size }) => [kind, kind === ACK ? 0 : size])).toEqual([
      [ACK, 0],
      [FILL, TENTH],
      [FILL, 2 * TENTH],
      [CANCELLED, 2 * TENTH],
    ]);
    expect(reports.every(({ orderId }) => orderId === NUMBER)).toBe(true);
    expect(new Set(reports.filter(({ kind }) => kind === FILL).map(({ seq }) => seq)).size).toBe(2);
    expect(desk.host.reconnects).toEqual([]);
  });

  it('what finds no room in the limits is refused at once, and nothing leaves', async () => {
    const desk = await Desk.open(life);
    for (const frame of life.frames.slice(0, 1)) desk.say(bytesOf(frame));
    await desk.host.taken();
    desk.hasRoom = false;
    const before = [desk.host.requests.length, desk.host.sent.length];
    const ids = Array.from({ length: 100 }, (__, i) => NUMBER + 1 + i);
    for (const id of ids) desk.gateway.request(desk.host.request(RequestKind.NEW, OrderFlag.BUY, id, 1, TENTH), 0, 7e9);
    const refused = (await desk.host.taken()).filter(({ kind, aux }) => kind === REJECT && aux === Reject.OVERLOADED);
    // Kraken counts by pair, in the gateway: some of them still find room.
    if (life.venue === 'kraken') return expect(refused.length).toBeGreaterThan(50);
    expect(refused.map(({ orderId }) => orderId)).toEqual(ids);
    expect([desk.host.requests.length, desk.host.sent.length]).toEqual(before);
  });

  it('at the end the venue is told not to cancel on our silence, unless an order may stand', async () => {
    const desk = await Desk.open(life);
    const told = (): string[] =>
      [...desk.host.sent, ...desk.host.requests.map(({ path, body = '' }) => path + body)].filter(
        (text) => text.includes('"timeout":0') || text.includes('countdownTime=0'),
      );
    desk.gateway.closing?.(8e9);
    expect(told()).toEqual([]);
    for (const frame of life.frames) desk.say(bytesOf(frame));
    desk.gateway.closing?.(9e9);
    expect(told()).toHaveLength(['kraken', 'binance-usdm'].includes(life.venue) ? 1 : 0);
  });

  it('a word that is not known makes another connection, after which the account is asked', async () => {
    const desk = await Desk.open(life);
    desk.say(bytesOf(life.unknown));
    expect(desk.host.reconnects).toHaveLength(1);
    expect((await desk.host.taken()).filter(({ kind }) => kind !== ACK)).toEqual([]);
  });

  it('what is no JSON makes another connection', async () => {
    const desk = await Desk.open(life);
    desk.say(Buffer.from('{"'));
    expect(desk.host.reconnects).toHaveLength(1);
  });

  it('frames that come twice or in another order book nothing twice', async () => {
    const random = Random.stream(3, life.venue);
    for (let run = 0; run < RUNS; run++) {
      const desk = await Desk.open(life);
      const frames = life.frames.flatMap((frame) => (random.below(2) === 0 ? [frame] : [frame, frame]));
      const [a, b] = [random.below(frames.length), random.below(frames.length)];
      [frames[a], frames[b]] = [frames[b]!, frames[a]!];
      const reports: Report[] = [];
      for (const frame of frames) {
        desk.say(bytesOf(frame));
        reports.push(...(await desk.host.taken()), ...(await desk.host.taken()));
      }
      expectSound(reports);
      // Who books knows an execution by its number.
      const fills = new Map(reports.filter(({ kind }) => kind === FILL).map(({ seq, size }) => [seq, size]));
      expect([...fills.values()].reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3 * TENTH);
      expect(reports.filter(({ kind }) => kind === REJECT)).toEqual([]);
    }
  });

  it('damaged frames break nothing', async () => {
    const random = Random.stream(4, life.venue);
    const damages = Object.values(DAMAGES);
    let desk = await Desk.open(life);
    for (let i = 0; i < DAMAGED; i++) {
      const bytes = bytesOf(life.frames[random.below(life.frames.length)]);
      const damaged = damages[random.below(damages.length)]!(bytes, random);
      try {
        desk.say(damaged);
      } catch (error) {
        throw new Error(`${String(error)}: ${Buffer.from(damaged).toString()}`, { cause: error });
      }
      if (i % 20 !== 0) continue;
      expectSound(await desk.host.taken());
      expect(desk.host.events.filter(({ detail }) => detail.includes('could not be taken in'))).toEqual([]);
      desk.gateway.closed(8e9);
      desk = await Desk.open(life);
    }
  });
});

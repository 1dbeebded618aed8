import { describe, expect, it } from 'vitest';
import { Side } from '../market/side.ts';
import { AlertField, AlertType } from '../risk/alert.ts';
import { TRIGGER_NAMES } from '../risk/breaker/trigger.ts';
import type { BreakerSettings } from '../risk/breaker.ts';
import { Command, RequestKind } from '../trading/records.ts';
import { BREAKER_STATE_NAMES, BreakerState } from '../trading/risk-state.ts';
import { Engine } from './engine.ts';
import { MarketRows } from './testing/market-rows.ts';
import { InputLog, clonedState, feedInputs, fingerprint, seatOf, setupOf } from './testing/recorded-session.ts';
import { LINEAR, TestSession, strategyOf } from './testing/session-kit.ts';

const SECOND = 1e9;
const LOTS = 100;
const ALERTS = Object.fromEntries(Object.entries(AlertType).map(([name, code]) => [code, name]));
const REQUESTS = Object.fromEntries(Object.entries(RequestKind).map(([name, code]) => [code, name]));
/** 2 % down at 10 s; 0.8 % down at 45 s, in the canary's time. */
const CRASH: readonly [number, number][] = [
  [0, 10_000],
  [10, 9_800],
  [45, 9_721],
];
const SETTINGS: BreakerSettings = { move1m: 0.01, move5m: null, cooldownNs: 30 * SECOND, canaryNs: 20 * SECOND };

interface Sent {
  readonly seconds: number;
  readonly kind: string;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** A book of five levels a side around a middle, which jumps where the path says so; a row every quarter of a second. */
function rowsOf(path: readonly [fromSeconds: number, middle: number][], toSeconds: number): MarketRows {
  const rows = new MarketRows();
  let middle = path[0]![1];
  let next = 0;
  for (let at = 0; at < toSeconds; at += 0.25) {
    const times = { venueNs: at * SECOND, localNs: at * SECOND + 1e6 };
    if (next < path.length && at >= path[next]![0]) {
      const to = path[next++]![1];
      for (let i = next > 1 ? 1 : 6; i <= 5; i++) {
        rows.level(Side.BUY, middle - i, 0, { ...times, isOpen: true });
        rows.level(Side.SELL, middle + i, 0, { ...times, isOpen: true });
      }
      middle = to;
      for (let i = 1; i <= 5; i++) {
        rows.level(Side.BUY, middle - i, 500, { ...times, isOpen: true });
        rows.level(Side.SELL, middle + i, 500, { ...times, isOpen: i < 5 });
      }
    } else rows.level(Side.BUY, middle - 5, 500 + (Math.round(at * 4) % 2), times);
  }
  return rows;
}

/** Two levels a side at the touch, in a session with a breaker; what is sent and which state its quotes were wanted in are kept. */
function sessionOf(
  breaker: BreakerSettings,
  operate?: (session: TestSession, seconds: number) => void,
  journal?: InputLog,
) {
  const sent: Sent[] = [];
  const states: string[] = [];
  const strategy = strategyOf((ctx) => ({
    onStart: () => ctx.every(SECOND, 1),
    onTimer: () => operate?.(session, Math.round(ctx.nowNs / SECOND)),
    onBook: (market) => {
      const state = BREAKER_STATE_NAMES[market.breaker];
      if (states.at(-1) !== state) states.push(state);
      if (!market.isReady) return;
      const quotes = ctx.quote(market);
      for (let i = 0; i < 2; i++) quotes.bid(market.bidTicks - i, LOTS).ask(market.askTicks + i, LOTS);
    },
  }));
  const session: TestSession = new TestSession({
    strategies: [strategy],
    engine: { risk: { breaker }, ...(journal === undefined ? {} : { journal }) },
    observers: [
      [
        {
          onBook: () => {},
          onFill: () => {},
          onOrder: () => {},
          onFunding: () => {},
          onRequest: (_market, kind, { side, priceTicks, sizeLots }, nowNs) =>
            void sent.push({ seconds: nowNs / SECOND, kind: REQUESTS[kind]!, side, priceTicks, sizeLots }),
        },
      ],
    ],
  });
  return {
    session,
    states,
    between: (from: number, to: number, kind: string) =>
      sent.filter((each) => each.seconds >= from && each.seconds < to && each.kind === kind),
    trips: () =>
      session.engine.risk!.breaker.trips.map(({ ns, trigger }) => [Math.round(ns / SECOND), TRIGGER_NAMES[trigger]]),
    alerts(): string[] {
      const { outbox } = session.engine.risk!.alerts;
      const lines: string[] = [];
      while (outbox.length > 0) {
        const at = outbox.peek();
        lines.push(`${Math.round(outbox.data[at + AlertField.NS]! / SECOND)} ${ALERTS[outbox.data[at]!]}`);
        outbox.shift();
      }
      return lines;
    },
  };
}

describe('a breaker in the engine', () => {
  it('a crash opens it: quotes go; a canary of one small level a side; a smaller fall opens it again; then it closes', () => {
    const scene = sessionOf(SETTINGS);
    scene.session.play(rowsOf(CRASH, 160));
    expect(scene.trips()).toEqual([
      [10, 'PRICE_MOVE_1M'],
      [45, 'PRICE_MOVE_1M'],
    ]);
    expect(scene.alerts()).toEqual([
      '10 CIRCUIT_BREAKER_OPEN',
      '40 CIRCUIT_BREAKER_HALF_OPEN',
      '45 CIRCUIT_BREAKER_OPEN',
      '105 CIRCUIT_BREAKER_HALF_OPEN',
      '125 CIRCUIT_BREAKER_CLOSED',
    ]);
    expect(scene.states).toEqual(['CLOSED', 'OPEN', 'HALF_OPEN', 'OPEN', 'HALF_OPEN', 'CLOSED']);
    expect(scene.between(0, 10, 'NEW').map(({ sizeLots }) => sizeLots)).toEqual([LOTS, LOTS, LOTS, LOTS]);
    // The fall went through the bids; what is left is pulled at once, and nothing is sent while it is open.
    expect(scene.between(10, 10.1, 'CANCEL').length).toBeGreaterThanOrEqual(2);
    expect(scene.between(10, 40, 'NEW')).toEqual([]);
    for (const [from, to] of [
      [40, 45],
      [105, 125],
    ] as const) {
      const canary = scene.between(from, to, 'NEW');
      expect(canary.map(({ side, sizeLots }) => [side, sizeLots])).toEqual([
        [Side.BUY, LOTS / 10],
        [Side.SELL, LOTS / 10],
      ]);
    }
    expect(scene.between(45, 105, 'NEW')).toEqual([]);
    expect(scene.between(125, 159, 'NEW').some(({ sizeLots }) => sizeLots >= LOTS - LOTS / 10)).toBe(true);
  });

  it('a connection that stays away opens it: after it, a canary comes first', () => {
    const scene = sessionOf({ ...SETTINGS, disconnectNs: 5 * SECOND }, ({ engine }, seconds) => {
      if (seconds === 10) engine.connection(0, false, engine.nowNs);
      if (seconds === 50) engine.connection(0, true, engine.nowNs);
    });
    scene.session.play(rowsOf([[0, 10_000]], 100));
    expect(scene.trips()).toEqual([[15, 'CONNECTIVITY']]);
    expect(scene.alerts()).toEqual([
      '10 CONNECTIVITY_ISSUE',
      '15 CIRCUIT_BREAKER_OPEN',
      '50 CONNECTIVITY_ISSUE',
      '50 CIRCUIT_BREAKER_HALF_OPEN',
      '70 CIRCUIT_BREAKER_CLOSED',
    ]);
    expect(scene.between(10, 50, 'NEW')).toEqual([]);
    for (const { sizeLots } of scene.between(50, 70, 'NEW')) expect(sizeLots).toBe(LOTS / 10);
  });

  it('an operator opens and closes it: TRIP cancels everything and holds until RESET', () => {
    const scene = sessionOf(SETTINGS, ({ engine }, seconds) => {
      if (seconds === 10) engine.operate(Command.TRIP, 0, 0, engine.nowNs);
      if (seconds === 200) engine.operate(Command.RESET, 0, 0, engine.nowNs);
      if (seconds === 210) engine.operate(Command.TRIP, -1, 0, engine.nowNs);
      if (seconds === 220) engine.operate(Command.RESET, -1, 0, engine.nowNs);
    });
    scene.session.play(rowsOf([[0, 10_000]], 230));
    expect(scene.trips()).toEqual([
      [10, 'MANUAL'],
      [210, 'MANUAL'],
    ]);
    expect(scene.states).toEqual(['CLOSED', 'OPEN', 'CLOSED', 'OPEN', 'CLOSED']);
    expect(scene.between(10, 10.1, 'CANCEL')).toHaveLength(4);
    expect(scene.between(10, 200, 'NEW')).toEqual([]);
    expect(scene.between(200, 210, 'NEW')).toHaveLength(4);
    expect(scene.between(210, 210.1, 'CANCEL')).toHaveLength(4);
    expect(scene.between(220, 229, 'NEW')).toHaveLength(4);
  });

  it('an alert is acknowledged by its number', () => {
    const scene = sessionOf(SETTINGS, ({ engine }, seconds) => {
      if (seconds === 20) engine.operate(Command.ACKNOWLEDGE, -1, 1, engine.nowNs);
    });
    scene.session.play(
      rowsOf(
        [
          [0, 10_000],
          [10, 9_800],
        ],
        30,
      ),
    );
    const [opened] = scene.session.engine.risk!.alerts.query({ type: AlertType.CIRCUIT_BREAKER_OPEN });
    expect(opened).toMatchObject({ number: 1, value: 0.02, limit: 0.01, acknowledgedNs: 20 * SECOND });
  });

  it('its state outlives the process: saved while it is open, or half open, the engine goes on the same', () => {
    const log = new InputLog();
    const rows = rowsOf(CRASH, 130);
    sessionOf(SETTINGS, undefined, log).session.play(rows);
    const silent = strategyOf(() => ({ save: () => 0, restore: () => {} }));
    const make = (): Engine => new Engine(setupOf([LINEAR], [seatOf(silent)], { risk: { breaker: SETTINGS } }));
    const whole = make();
    const cuts = new Map<number, Engine>();
    for (let i = 0; i < log.count; i++) {
      feedInputs(whole, log, i, i + 1);
      const state = whole.risk!.breakerAt(0);
      if (cuts.has(state) || whole.nowNs < 20 * SECOND) continue;
      const restored = make();
      restored.restore(clonedState(whole));
      feedInputs(restored, log, i + 1, log.count);
      cuts.set(state, restored);
    }
    expect(new Set(cuts.keys())).toEqual(new Set(Object.values(BreakerState)));
    for (const restored of cuts.values()) {
      expect(fingerprint(restored)).toEqual(fingerprint(whole));
      expect(restored.risk!.breaker.trips).toEqual(whole.risk!.breaker.trips);
      expect(restored.risk!.alerts.query()).toEqual(whole.risk!.alerts.query());
    }
  });

  it('the same rows in batches of any size give the same trips and requests', () => {
    const rows = rowsOf(CRASH, 130);
    const prints = [1, 7, 4096].map((batch) => {
      const scene = sessionOf(SETTINGS);
      scene.session.play(rows, batch);
      return [scene.session.print(), scene.alerts()];
    });
    expect(prints[1]).toEqual(prints[0]);
    expect(prints[2]).toEqual(prints[0]);
  });
});

/**
 * What is said on the WebSocket `/api/v1/stream`. Text frames are JSON; with `?format=msgpack` both sides send MessagePack.
 *
 * A client subscribes to topics and gets a snapshot of each, then deltas. Every topic numbers its updates; a delta applies to a client
 * that holds `from` and brings it to `seq`. The server keeps no queue per client: who is slow gets fewer, larger deltas, or a new
 * snapshot. After a drop, `subscribe` with the epoch and seq held goes on where it was when the server still has that history.
 *
 * How deltas apply: `book` by level, the list topics (`trades`, `fills`, `alerts`, `heatmap`) by appending `items` (an alert replaces the
 * one with its key), all others replace the whole data.
 */
import { z } from 'zod';
import type { LimitUse, BreakerInfo, AlertInfo } from './risk.ts';
import type { SessionInfo } from './session.ts';
import type { SystemInfo } from './system.ts';

/** Topics of one instrument are `book:venue:symbol`, the others bare. */
export const INSTRUMENT_TOPICS = ['book', 'trades', 'quotes', 'heatmap'] as const;
export const SESSION_TOPICS = ['fills', 'pnl', 'risk', 'alerts', 'regime', 'system'] as const;
export type TopicKind = (typeof INSTRUMENT_TOPICS)[number] | (typeof SESSION_TOPICS)[number];

/** Entries that a list topic's snapshot holds at most; clients should keep no more. */
export const LIST_LENGTH = { trades: 500, fills: 500, alerts: 500, heatmap: 2400 } as const;
/** Levels a side of `book`. */
export const BOOK_LEVELS = 200;

const topicName = z.string().max(200);
const clientTopic = z.union([
  topicName,
  z.strictObject({ topic: topicName, epoch: z.string().max(100), seq: z.int().nonnegative() }),
]);

export const clientMessage = z.discriminatedUnion('op', [
  /** Only where reading needs a token too, and first of all. */
  z.strictObject({ op: z.literal('auth'), token: z.string().max(1000) }),
  z.strictObject({ op: z.literal('subscribe'), topics: z.array(clientTopic).min(1).max(200) }),
  z.strictObject({ op: z.literal('unsubscribe'), topics: z.array(topicName).min(1).max(200) }),
  z.strictObject({ op: z.literal('ping'), id: z.number().optional() }),
]);
export type ClientMessage = z.output<typeof clientMessage>;

export type ServerMessage =
  | { readonly op: 'hello'; readonly session: SessionInfo; readonly wallMs: number }
  | { readonly op: 'pong'; readonly id?: number | undefined; readonly wallMs: number }
  /** `code` as of the REST problems; what was asked had no effect. */
  | { readonly op: 'error'; readonly code: string; readonly detail: string; readonly topic?: string | undefined }
  /** The session has ended (the process will go), or its strategies or speed have changed: `session` as it is now. */
  | { readonly op: 'session'; readonly session: SessionInfo; readonly isOver: boolean }
  | TopicUpdate;

export interface TopicUpdate {
  readonly op: 'update';
  readonly topic: string;
  readonly type: 'snapshot' | 'delta';
  readonly seq: number;
  /** Deltas: the seq that it applies to. */
  readonly from?: number | undefined;
  /** Market time of the newest event in it. */
  readonly timeMs: number;
  /** Wall time (Unix ms, fractions) at which the engine took that event. */
  readonly wallMs: number;
  readonly data: unknown;
}

/** Price in ticks, open size in lots (deltas: 0 = the level is gone from what is shown). */
export type LevelEntry = readonly [ticks: number, lots: number];

export interface BookData {
  readonly bids: readonly LevelEntry[];
  readonly asks: readonly LevelEntry[];
  /** False: stale, crossed or disconnected; not to be quoted on. */
  readonly isReady: boolean;
  /** Ticks of the last print; null before the first. */
  readonly lastTicks: number | null;
}

/** Time, ticks, lots, aggressor's side (1 buyer, −1 seller). */
export type TradeEntry = readonly [timeMs: number, ticks: number, lots: number, side: 1 | -1];
export interface TradesData {
  readonly items: readonly TradeEntry[];
}

/** An own order that is not finished. */
export interface QuoteOrder {
  readonly id: number;
  readonly strategy: number;
  readonly side: 1 | -1;
  readonly ticks: number;
  readonly openLots: number;
  readonly sizeLots: number;
  /** Name of its `OrderState`. */
  readonly state: string;
  /** Lots that stand before it at most, as far as the feed tells; null: not known (not acknowledged, or not resting). */
  readonly aheadLots: number | null;
  readonly sentMs: number;
}
export interface QuotesData {
  readonly orders: readonly QuoteOrder[];
}

export interface FillEntry {
  /** Rises by one. */
  readonly number: number;
  readonly timeMs: number;
  readonly strategy: number;
  readonly instrument: number;
  readonly orderId: number;
  readonly side: 1 | -1;
  readonly ticks: number;
  readonly lots: number;
  readonly isMaker: boolean;
  /** In the settlement currency; positive = paid. */
  readonly fee: number;
  /** Position after it. */
  readonly positionLots: number;
}
export interface FillsData {
  readonly items: readonly FillEntry[];
}

export interface PnlPosition {
  readonly instrument: number;
  readonly lots: number;
  /** Average entry in ticks; null when flat. */
  readonly entryTicks: number | null;
  readonly markTicks: number | null;
  readonly realised: number;
  readonly unrealised: number;
}
export interface StrategyPnl {
  readonly strategy: number;
  readonly currency: string;
  /** Equity now and the capital begun with. */
  readonly equity: number;
  readonly capital: number;
  /** total = realised + unrealised − fees − funding paid. */
  readonly total: number;
  readonly realised: number;
  readonly unrealised: number;
  /** Positive = paid. */
  readonly fees: number;
  readonly funding: number;
  /** From its peak, as a share of the peak; 0.01 = 1 %. */
  readonly drawdown: number;
  readonly fills: number;
  readonly openOrders: number;
  readonly positions: readonly PnlPosition[];
}
export interface PnlData {
  readonly strategies: readonly StrategyPnl[];
}

export interface RiskData {
  readonly state: 'ACTIVE' | 'REDUCING' | 'HALTED';
  readonly limits: readonly LimitUse[];
  readonly breakers: readonly BreakerInfo[];
  /** In the risk currency; null: not worked out. */
  readonly valueAtRisk: number | null;
  readonly expectedShortfall: number | null;
  readonly netExposure: number | null;
  readonly grossExposure: number | null;
  readonly equity: number | null;
  readonly peak: number | null;
  readonly drawdown: number | null;
  readonly currency: string;
}

export interface AlertsData {
  readonly items: readonly AlertInfo[];
}

/** By instrument: what the engine itself knows of the market's mood. */
export interface RegimeData {
  readonly instruments: readonly {
    readonly instrument: number;
    /** `normal`, or the breaker's word for what it sees (`volatile`, `crisis`). */
    readonly regime: string;
    /** Per square root of a second, as a share of the price; null: not known yet. */
    readonly volatility: number | null;
    /** Against its own norm; 1 = usual. */
    readonly volatilityRatio: number | null;
    readonly spreadRatio: number | null;
  }[];
}

/** A column of liquidity: sizes of the cells from `fromTicks` on, each `stepTicks` wide, bids and asks together (the touch parts them). */
export interface HeatmapColumn {
  readonly timeMs: number;
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
  /** −1 … 1 over the five best levels: (bids − asks) ÷ both. */
  readonly imbalance: number | null;
  readonly fromTicks: number;
  readonly stepTicks: number;
  readonly lots: readonly number[];
}
export interface HeatmapData {
  readonly items: readonly HeatmapColumn[];
}

export type SystemData = SystemInfo;

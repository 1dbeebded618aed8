/** Whether the session trades on what is so. */
import type { Engine } from '@quotewright/core/engine/engine';
import { STAT } from '../feed/host-stats.ts';
import { instrumentName } from '../risk/operable.ts';
import type { Readiness, SystemInfo } from './protocol/system.ts';
import type { VenueLink } from './protocol/venues.ts';

/** Market data that are older, by the session's clock, are not fresh; a trading thread that was not heard of for so long does not run. */
const FRESH_NS = 30e9;
const HEARD_MS = 5000;
/** Share of the feed's ring that may be full. */
const MOST_FILL = 0.5;

export interface ReadinessParts {
  readonly engine: Engine;
  /** As `STAT`; absent: nothing was published yet. */
  readonly stats: Float64Array | undefined;
  /** Inputs of the session before this process's; 0 = it is new. */
  readonly recovered: number;
  /** What the venue was asked after a restart; absent: no answer yet. */
  readonly reconciled: { readonly isSettled: boolean; readonly text: string } | undefined;
  /** Orders go to venues: their answer is wanted of a new session too. */
  readonly isLive: boolean;
  /** The ways to the venues by name; undefined: nothing was told of any. */
  readonly links: ReadonlyMap<string, VenueLink> | undefined;
  readonly replica: SystemInfo['replica'];
  readonly fill: number;
  readonly isOver: boolean;
  readonly wallMs: number;
}

type Check = Readiness['checks'][number];

export function readinessOf(parts: ReadinessParts): Readiness {
  const checks = [feeds(parts), recovered(parts), reconciled(parts), replica(parts), journal(parts), running(parts)];
  return { isReady: checks.every(({ isGood }) => isGood), checks };
}

function feeds({ engine, stats, links }: ReadinessParts): Check {
  const nowNs = Math.max(engine.nowNs, stats?.[STAT.MARKET_NS] ?? Number.NEGATIVE_INFINITY);
  const broken = new Map(Array.from(links ?? [], ([venue, link]) => [venue, brokenText(link)]));
  const bad = engine.seats[0]!.markets.flatMap(({ index, instrument, isConnected, isReady, receivedNs }) => {
    const name = instrumentName(instrument);
    // Told once, of the venue.
    if (broken.get(instrument.venue)) return [];
    const stale = links?.get(instrument.venue)?.staleBooks.find((book) => book.instrument === index);
    if (stale !== undefined) return [`${name}: ${stale.text}`];
    if (!isConnected) return [`${name}: the connection is gone`];
    if (!(nowNs - receivedNs <= FRESH_NS)) {
      return [
        Number.isFinite(receivedNs)
          ? `${name}: nothing for ${Math.round((nowNs - receivedNs) / 1e9)} s`
          : `${name}: no book yet`,
      ];
    }
    return isReady ? [] : [`${name}: the book is stale, crossed or one-sided`];
  });
  const all = [...Array.from(broken).flatMap(([venue, text]) => (text === '' ? [] : [`${venue}: ${text}`])), ...bad];
  return { name: 'feeds', isGood: all.length === 0, detail: all.length === 0 ? 'all books are fresh' : all.join('; ') };
}

function brokenText({ isFeedUp, orders }: VenueLink): string {
  const parts = [
    ...(isFeedUp ? [] : ['no connection for market data']),
    ...(orders === 'down' ? ['no way for orders'] : []),
  ];
  return parts.join(', ');
}

function recovered({ recovered: inputs, stats }: ReadinessParts): Check {
  if (stats === undefined) return { name: 'recovered', isGood: false, detail: 'the trading thread has not begun yet' };
  return {
    name: 'recovered',
    isGood: true,
    detail: inputs === 0 ? 'a new session' : `${inputs} inputs were brought back`,
  };
}

function reconciled({ recovered: inputs, reconciled: answer, isLive }: ReadinessParts): Check {
  if (answer !== undefined) return { name: 'reconciled', isGood: answer.isSettled, detail: answer.text };
  const isGood = inputs === 0 && !isLive;
  return {
    name: 'reconciled',
    isGood,
    detail: isGood ? 'a new session has nothing to compare' : 'the venue has not answered yet',
  };
}

function replica({ replica: { isEqual, lag, comparisons }, fill }: ReadinessParts): Check {
  const detail = !isEqual
    ? 'the engine that is shown is not equal to the one that trades'
    : `${lag} inputs behind, ${comparisons} comparisons were equal`;
  return { name: 'replica', isGood: isEqual && fill < MOST_FILL, detail };
}

function journal({ stats }: ReadinessParts): Check {
  if (stats === undefined || stats[STAT.JOURNAL_RECORDS]! < 0)
    return { name: 'journal', isGood: true, detail: 'there is none' };
  const hasFailed = stats[STAT.JOURNAL_FAILED] !== 0;
  const detail = hasFailed ? 'it cannot be written' : `${stats[STAT.JOURNAL_PENDING]} records wait`;
  return { name: 'journal', isGood: !hasFailed, detail };
}

function running({ isOver, stats, wallMs }: ReadinessParts): Check {
  const quietMs = stats === undefined ? Number.POSITIVE_INFINITY : wallMs - stats[STAT.WALL_MS]!;
  if (isOver) return { name: 'running', isGood: false, detail: 'the session has ended' };
  const isGood = quietMs <= HEARD_MS;
  const detail = isGood
    ? 'the trading thread runs'
    : `the trading thread was not heard of for ${Math.round(quietMs / 1000)} s`;
  return { name: 'running', isGood, detail: stats === undefined ? 'the trading thread has not begun yet' : detail };
}

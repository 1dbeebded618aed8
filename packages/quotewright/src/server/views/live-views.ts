/** What the server shows of the second engine: topics of the stream, series, lists. */
import type { TopicSource } from '../stream/topic-source.ts';
import type { AlertInfo } from '../protocol/risk.ts';
import type { FillEntry, PnlData } from '../protocol/stream.ts';
import type { PerformanceReport, SeriesReport, seriesQuery } from '../protocol/trading.ts';
import type { z } from 'zod';

export interface LiveViews {
  /** All topics but `system`. */
  readonly topics: readonly TopicSource[];
  /** Market time of the newest input, Unix ms, and wall time at which the trading engine took it. */
  newest(): { readonly timeMs: number; readonly wallMs: number };
  /** Oldest first, as far back as they are kept. */
  readonly fills: readonly FillEntry[];
  readonly alerts: readonly AlertInfo[];
  /** As the topic of the name tells it. */
  pnl(): PnlData;
  performance(): PerformanceReport;
  series(query: z.output<typeof seriesQuery>): SeriesReport;
}

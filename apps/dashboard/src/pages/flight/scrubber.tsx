/** The scrubber: all of a flight at one glance, and the cursor in it. A slider for the keyboard and for those who cannot see it. */
import type { FlightOverview } from 'quotewright/server/protocol/research';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { exportCsv, exportPng } from '../../lib/export.ts';
import { formatTime } from '../../lib/format.ts';
import { colour, useTheme } from '../../lib/theme.ts';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { type ScrubberColours, drawScrubber } from './scrubber-canvas.ts';
import { type Range, ZOOMS, bucketOf, eventAt, follow, rangeAround, summed } from './timeline.ts';

const HEIGHT = 140;
const RANGES = ZOOMS.map((share, index) => ({ value: String(index), label: index === 0 ? 'all' : `×${1 / share}` }));

interface ScrubberProps {
  readonly overview: FlightOverview;
  /** Events of the flight. */
  readonly total: number;
  readonly event: number;
  readonly timeMs: number;
  /** Whose mid is drawn. */
  readonly instrument: number;
  readonly onSeek: (event: number) => void;
}

export function Scrubber({ overview, total, event, timeMs, instrument, onSeek }: ScrubberProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [zoom, setZoom] = useState(0);
  // Drawn anew when the colours change.
  useTheme();
  const buckets = overview.timesMs.length;
  const cursor = bucketOf(overview, event, total);
  const range = useRange(buckets, cursor, zoom);
  const pnl = useMemo(() => summed(overview.pnl), [overview]);
  const mids = overview.midTicks[instrument] ?? [];

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const ratio = window.devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(HEIGHT * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawScrubber(context, width, HEIGHT, { overview, total, range, mids, pnl, cursor }, colours());
  });

  const seek = ({ clientX, currentTarget }: PointerEvent<HTMLCanvasElement>): void => {
    const box = currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    onSeek(eventAt(overview, range.from + share * (range.to - range.from), total));
  };

  const onKeyDown = (key: KeyboardEvent): void => {
    const step = Math.max(1, Math.round((range.to - range.from) / 100));
    const target: Record<string, number> = {
      PageUp: eventAt(overview, cursor + 10 * step, total),
      PageDown: eventAt(overview, cursor - 10 * step, total),
      Home: 0,
      End: total - 1,
    };
    const found = target[key.key];
    if (found === undefined) return;
    key.preventDefault();
    onSeek(Math.min(Math.max(0, found), total - 1));
  };

  return (
    <div className="flight-scrubber">
      <canvas
        ref={canvas}
        className="flight-scrubber-canvas"
        role="slider"
        tabIndex={0}
        aria-label="Instant of the flight"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, total - 1)}
        aria-valuenow={event}
        aria-valuetext={`${formatTime(timeMs, 3)}, event ${event} of ${total}`}
        onKeyDown={onKeyDown}
        onPointerDown={(pointer) => {
          pointer.currentTarget.setPointerCapture(pointer.pointerId);
          seek(pointer);
        }}
        onPointerMove={(pointer) => {
          if (pointer.currentTarget.hasPointerCapture(pointer.pointerId)) seek(pointer);
        }}
      />
      <div className="flight-scrubber-foot">
        <span className="number">{formatTime(overview.timesMs[range.from])}</span>
        <span className="flight-scrubber-legend">
          line: mid · area: P&L · ▲ buy ▼ sell ◆ alert ■ other{leftOutText(overview)}
          <RangePicker
            label="Part of the flight that is shown"
            value={String(zoom)}
            ranges={RANGES}
            onChange={(value) => setZoom(Number(value))}
          />
          <ExportButtons
            name="the flight"
            onPng={() => canvas.current !== null && exportPng('flight', [canvas.current])}
            onCsv={() => saveFlight(overview, mids, pnl)}
          />
        </span>
        <span className="number">{formatTime(overview.timesMs[range.to - 1])}</span>
      </div>
    </div>
  );
}

/** What a zoom shows; it stays while the cursor moves within it. */
function useRange(buckets: number, cursor: number, zoom: number): Range {
  const held = useRef<{ zoom: number; range: Range }>({ zoom: -1, range: { from: 0, to: 0 } });
  const at = Math.floor(cursor);
  const { current } = held;
  const isSame = current.zoom === zoom && current.range.to <= buckets;
  const range = isSame ? follow(current.range, buckets, at) : rangeAround(buckets, at, ZOOMS[zoom] ?? 1);
  held.current = { zoom, range };
  return range;
}

/** The lines of the scrubber, a row a bucket. */
function saveFlight(
  { timesMs, events }: FlightOverview,
  mids: readonly (number | null)[],
  pnl: readonly number[],
): void {
  exportCsv(
    'flight',
    ['time_ms', 'first_event', 'mid_ticks', 'pnl'],
    timesMs.map((timeMs, index) => [timeMs, events[index] ?? null, mids[index] ?? null, pnl[index] ?? null]),
  );
}

/** Thinned marks are said, so that nobody takes what is shown for all there was. */
function leftOutText({ leftOut }: FlightOverview): string {
  const kinds = Object.entries(leftOut).filter(([, count]) => count > 0);
  return kinds.length === 0 ? '' : ` · not shown: ${kinds.map(([kind, count]) => `${count} × ${kind}`).join(', ')}`;
}

function colours(): ScrubberColours {
  return {
    line: colour('--text'),
    area: colour('--accent-soft'),
    zero: colour('--grid'),
    buy: colour('--buy'),
    sell: colour('--sell'),
    warn: colour('--warn'),
    text: colour('--muted'),
    cursor: colour('--accent'),
  };
}

/** One latency: its histogram on a log axis, its percentiles as lines and in words. */
import type { LatencySummary } from 'quotewright/server/protocol/system';
import { useEffect, useRef } from 'react';
import { type Surface, attachCanvas, font } from '../../lib/canvas.ts';
import { exportCsv, exportPng } from '../../lib/export.ts';
import { formatCount, formatNs } from '../../lib/format.ts';
import type { Painter } from '../../lib/frames.ts';
import { colour } from '../../lib/theme.ts';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { alongLog, barsOf, decades } from './histogram-geometry.ts';

const PERCENTILES = [
  ['p50Ns', 'p50', '--series-4'],
  ['p99Ns', 'p99', '--series-2'],
  ['p999Ns', 'p99.9', '--series-5'],
] as const;

const TOP = 38;
const LABEL_ROW = 13;
const BOTTOM = 18;

function draw({ context, width, height }: Surface, latency: LatencySummary): void {
  const bars = barsOf(latency.buckets);
  const range = decades(bars);
  const plot = height - BOTTOM;
  const x = (ns: number): number => alongLog(ns, range) * width;
  context.font = font(11);
  context.textBaseline = 'bottom';
  for (let decade = range[0]; decade <= range[1]; decade++) {
    const at = x(10 ** decade);
    context.fillStyle = colour('--grid');
    context.fillRect(Math.round(at), TOP, 1, plot - TOP);
    context.fillStyle = colour('--muted');
    context.textAlign = decade === range[0] ? 'left' : decade === range[1] ? 'right' : 'center';
    context.fillText(formatNs(10 ** decade).replace(/\.0+/u, ''), at, height - 2);
  }
  // Height by count a decade would flatter; buckets are shown as they come, the largest at full height.
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  context.fillStyle = colour('--series-1');
  for (const { fromNs, toNs, count } of bars) {
    if (count === 0) continue;
    const tall = Math.max(1, (count / most) * (plot - TOP));
    const [left, right] = [x(fromNs), x(toNs)];
    context.fillRect(left, plot - tall, Math.max(1, right - left - 1), tall);
  }
  context.fillStyle = colour('--line');
  context.fillRect(0, plot, width, 1);
  percentiles(context, latency, x, width, plot);
}

function percentiles(
  context: CanvasRenderingContext2D,
  latency: LatencySummary,
  x: (ns: number) => number,
  width: number,
  plot: number,
): void {
  context.textBaseline = 'top';
  // Where each of the rows of labels is free from.
  const free = [0, 0, 0];
  for (const [key, name, paint] of PERCENTILES) {
    const ns = latency[key];
    if (ns === null) continue;
    const at = x(ns);
    const text = context.measureText(name).width;
    // A label that would lie on one before it goes to the next row.
    const left = Math.min(width - text, Math.max(0, at + 4));
    const row = Math.max(
      0,
      free.findIndex((from) => from <= left),
    );
    context.fillStyle = colour(paint);
    context.fillRect(Math.round(at), row * LABEL_ROW, 1.5, plot - row * LABEL_ROW);
    context.textAlign = 'left';
    context.fillText(name, left, row * LABEL_ROW);
    free[row] = left + text + 4;
  }
}

interface LatencyProps {
  readonly latency: LatencySummary;
}

export function Latency({ latency }: LatencyProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<Painter | undefined>(undefined);
  const latest = useRef(latency);
  const isEmpty = latency.count === 0;

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const mine = attachCanvas(element, (surface) => draw(surface, latest.current));
    painter.current = mine;
    return () => mine.stop();
  }, [isEmpty]);

  useEffect(() => {
    latest.current = latency;
    painter.current?.mark();
  }, [latency]);

  const figures = [
    ['mean', latency.meanNs],
    ['p50', latency.p50Ns],
    ['p90', latency.p90Ns],
    ['p99', latency.p99Ns],
    ['p99.9', latency.p999Ns],
    ['max', latency.maxNs],
  ] as const;

  return (
    <Panel
      title={latency.name.charAt(0).toUpperCase() + latency.name.slice(1)}
      note={latency.description}
      actions={
        <>
          <span className="muted">
            <span className="mono">{formatCount(latency.count)}</span> samples
          </span>
          <ExportButtons
            name={latency.name}
            onPng={() => {
              if (canvas.current !== null) exportPng(fileName(latency), [canvas.current]);
            }}
            onCsv={() =>
              exportCsv(
                fileName(latency),
                ['from (ns)', 'to (ns)', 'count'],
                barsOf(latency.buckets).map((bar) => [bar.fromNs, bar.toNs, bar.count]),
              )
            }
          />
        </>
      }
    >
      {isEmpty ? (
        <Empty title="No samples yet" />
      ) : (
        <>
          <div className="histogram">
            <canvas
              ref={canvas}
              className="fill-canvas"
              role="img"
              aria-label={`Histogram of ${latency.name}; its percentiles follow as text`}
            />
          </div>
          <dl className="percentiles">
            {figures.map(([name, ns]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="mono">{formatNs(ns)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Panel>
  );
}

const fileName = (latency: LatencySummary): string => `latency-${latency.name.replaceAll(/[^a-z0-9]+/giu, '-')}`;

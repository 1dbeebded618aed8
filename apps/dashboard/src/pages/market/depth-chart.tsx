/** Cumulative depth on both sides of the mid. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { BookData, LevelEntry } from 'quotewright/server/protocol/stream';
import { useEffect, useRef } from 'react';
import { type Surface, attachCanvas, font } from '../../lib/canvas.ts';
import { exportCsv, exportPng } from '../../lib/export.ts';
import { formatLots, formatSize, formatTicks } from '../../lib/format.ts';
import { markLater } from '../../lib/frames.ts';
import { niceStep } from '../../lib/nice-step.ts';
import { subscribeRaw } from '../../lib/stream.ts';
import { colour } from '../../lib/theme.ts';
import { ExportButtons } from '../../ui/export-buttons.tsx';
import { Panel } from '../../ui/panel.tsx';
import { cumulate, depthAt, depthReach } from './depth-geometry.ts';
import { drawNote } from './heat-axes.ts';

interface DepthChartProps {
  readonly instrument: InstrumentInfo;
}

/** Twenty pictures a second of a slow curve are no use. */
const EVERY_MS = 100;
const BOTTOM = 20;

/** One book, drawn. */
class DepthPicture {
  book: BookData = { bids: [], asks: [], isReady: true, lastTicks: null };
  pointerX: number | undefined;
  private readonly instrument: InstrumentInfo;
  private reach = 0;
  private top = 0;

  constructor(instrument: InstrumentInfo) {
    this.instrument = instrument;
  }

  draw({ context, width, height }: Surface): void {
    const { bids, asks } = this.book;
    const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]];
    if (bid === undefined || ask === undefined) return;
    const mid = (bid + ask) / 2;
    const reach = depthReach(bids, asks, mid);
    // Scales change in round steps, and back only when they are far too wide.
    if (reach > this.reach || reach < this.reach / 2) this.reach = reach;
    const below = cumulate(bids.filter(([ticks]) => ticks >= mid - this.reach));
    const above = cumulate(asks.filter(([ticks]) => ticks <= mid + this.reach));
    const most = niceStep(Math.max(below.at(-1)?.[1] ?? 1, above.at(-1)?.[1] ?? 1));
    if (most > this.top || most < this.top / 2.5) this.top = most;
    const plot = height - BOTTOM;
    const x = (ticks: number): number => ((ticks - mid + this.reach) / (2 * this.reach)) * width;
    const y = (lots: number): number => plot - (lots / this.top) * (plot - 8);
    this.grid(context, width, plot, y);
    this.side(context, below, x, y, plot, 0, '--buy');
    this.side(context, above, x, y, plot, width, '--sell');
    this.labels(context, width, height, mid);
    this.hover(context, below, above, width, plot, mid);
  }

  private grid(context: CanvasRenderingContext2D, width: number, plot: number, y: (lots: number) => number): void {
    const lot = Number(this.instrument.lot);
    context.font = font(11);
    context.textAlign = 'left';
    context.textBaseline = 'bottom';
    for (const share of [0.5, 1]) {
      const level = Math.round(y(this.top * share)) + 0.5;
      context.fillStyle = colour('--grid');
      context.fillRect(0, level, width, 1);
      context.fillStyle = colour('--muted');
      context.textBaseline = share === 1 ? 'top' : 'bottom';
      context.fillText(
        `${formatSize(this.top * share * lot)}\u00a0${this.instrument.base}`,
        4,
        level + (share === 1 ? 3 : -1),
      );
    }
    context.fillStyle = colour('--line');
    context.fillRect(0, plot, width, 1);
  }

  private side(
    context: CanvasRenderingContext2D,
    cumulative: readonly LevelEntry[],
    x: (ticks: number) => number,
    y: (lots: number) => number,
    plot: number,
    edge: number,
    name: '--buy' | '--sell',
  ): void {
    const [first] = cumulative;
    if (first === undefined) return;
    context.beginPath();
    context.moveTo(x(first[0]), plot);
    let before = plot;
    for (const [ticks, lots] of cumulative) {
      context.lineTo(x(ticks), before);
      before = y(lots);
      context.lineTo(x(ticks), before);
    }
    context.lineTo(edge, before);
    context.strokeStyle = colour(name);
    context.lineWidth = 1.5;
    context.stroke();
    context.lineTo(edge, plot);
    context.closePath();
    context.fillStyle = colour(`${name}-soft`);
    context.fill();
  }

  private labels(context: CanvasRenderingContext2D, width: number, height: number, mid: number): void {
    context.fillStyle = colour('--muted');
    context.textBaseline = 'bottom';
    const texts = [mid - this.reach, mid, mid + this.reach].map((ticks) => formatTicks(ticks, this.instrument));
    const aligned = ['left', 'center', 'right'] as const;
    for (const [index, text] of texts.entries()) {
      context.textAlign = aligned[index] ?? 'left';
      context.fillText(text, [4, width / 2, width - 4][index] ?? 0, height - 3);
    }
  }

  private hover(
    context: CanvasRenderingContext2D,
    below: readonly LevelEntry[],
    above: readonly LevelEntry[],
    width: number,
    plot: number,
    mid: number,
  ): void {
    if (this.pointerX === undefined) return;
    const ticks = mid + (this.pointerX / width - 0.5) * 2 * this.reach;
    const lots = ticks < mid ? depthAt(below, ticks, -1) : depthAt(above, ticks, 1);
    context.fillStyle = colour('--muted');
    context.fillRect(Math.round(this.pointerX), 0, 1, plot);
    drawNote(context, this.pointerX, plot / 2, { left: 0, top: 0, width, height: plot }, [
      `to ${formatTicks(ticks, this.instrument)} ${this.instrument.quote}`,
      `${ticks < mid ? 'bids' : 'asks'} ${formatLots(lots, this.instrument)} ${this.instrument.base}`,
    ]);
  }
}

export function DepthChart({ instrument }: DepthChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<DepthPicture | undefined>(undefined);
  const point = useRef<(x: number | undefined) => void>(() => {});

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const picture = new DepthPicture(instrument);
    shown.current = picture;
    const painter = attachCanvas(element, (surface) => picture.draw(surface));
    point.current = (x) => {
      picture.pointerX = x;
      painter.mark();
    };
    const drawLater = markLater(painter, EVERY_MS);
    const stop = subscribeRaw(`book:${instrument.name}`, (data) => {
      // oxlint-disable-next-line no-unsafe-type-assertion -- the topic says what it carries
      picture.book = data as BookData;
      drawLater();
    });
    return () => {
      stop();
      painter.stop();
    };
  }, [instrument]);

  const save = (): void => {
    const book = shown.current?.book;
    if (book === undefined) return;
    const rows = (['bids', 'asks'] as const).flatMap((side) =>
      cumulate(book[side]).map(([ticks, lots]) => [
        side,
        (ticks * Number(instrument.tick)).toFixed(instrument.priceDigits),
        (lots * Number(instrument.lot)).toFixed(instrument.sizeDigits),
      ]),
    );
    exportCsv(
      `depth-${instrument.symbol}`,
      ['side', `price (${instrument.quote})`, `up to it (${instrument.base})`],
      rows,
    );
  };

  return (
    <Panel
      title="Depth"
      className="depth flush"
      actions={
        <ExportButtons
          name="depth chart"
          onPng={() => {
            if (canvas.current !== null) exportPng(`depth-${instrument.symbol}`, [canvas.current]);
          }}
          onCsv={save}
        />
      }
    >
      <div className="depth-box">
        <canvas
          ref={canvas}
          className="fill-canvas"
          role="img"
          aria-label="Cumulative depth of bids and asks"
          onPointerMove={(event) => point.current(event.nativeEvent.offsetX)}
          onPointerLeave={() => point.current(undefined)}
        />
      </div>
    </Panel>
  );
}

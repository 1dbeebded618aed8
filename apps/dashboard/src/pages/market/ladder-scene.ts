/** The ladder's state and drawing: no React. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { BookData, QuotesData } from 'quotewright/server/protocol/stream';
import { type Surface, attachCanvas, font } from '../../lib/canvas.ts';
import { formatNumber, formatSize } from '../../lib/format.ts';
import type { Painter } from '../../lib/frames.ts';
import { subscribeRaw } from '../../lib/stream.ts';
import { colour } from '../../lib/theme.ts';
import {
  ROW_HEIGHT,
  askRow,
  bidRow,
  chooseGroup,
  ease,
  midRow,
  recentre,
  rowY,
  rowsInSight,
  sizeDigits,
  sumRows,
} from './ladder-geometry.ts';

/** Own orders in one row of one side. */
interface OwnRow {
  lots: number;
  aheadLots: number | null;
}

export interface LadderSettings {
  /** Ticks a row; undefined: chosen by the book. */
  readonly group: number | undefined;
  readonly isLocked: boolean;
}

const EMPTY_BOOK: BookData = { bids: [], asks: [], isReady: true, lastTicks: null };
const isStill = matchMedia('(prefers-reduced-motion: reduce)');

export class LadderScene {
  private readonly instrument: InstrumentInfo;
  private readonly painter: Painter;
  private readonly stops: (() => void)[];
  /** Told when the group that is drawn becomes another. */
  private readonly onGroup: (group: number) => void;
  private settings: LadderSettings = { group: undefined, isLocked: false };
  private book: BookData = EMPTY_BOOK;
  private quotes: QuotesData = { orders: [] };
  private group = 0;
  private digits = 2;
  /** Rows: where the view is, and where it goes. */
  private centre = 0;
  private target = 0;
  private drawnMs = 0;
  private heightPx = 0;
  private bidSizes = new Float64Array(0);
  private askSizes = new Float64Array(0);

  constructor(canvas: HTMLCanvasElement, instrument: InstrumentInfo, onGroup: (group: number) => void) {
    this.instrument = instrument;
    this.onGroup = onGroup;
    this.painter = attachCanvas(canvas, (surface, nowMs) => this.draw(surface, nowMs));
    /* oxlint-disable no-unsafe-type-assertion -- the topic says what it carries */
    this.stops = [
      subscribeRaw(`book:${instrument.name}`, (data, { wallMs }) => {
        this.book = data as BookData;
        this.painter.mark(wallMs);
      }),
      subscribeRaw(`quotes:${instrument.name}`, (data, { wallMs }) => {
        this.quotes = data as QuotesData;
        this.painter.mark(wallMs);
      }),
    ];
    /* oxlint-enable no-unsafe-type-assertion */
  }

  stop(): void {
    for (const stop of this.stops) stop();
    this.painter.stop();
  }

  set(settings: LadderSettings): void {
    if (settings.group !== this.settings.group) this.group = 0;
    this.settings = settings;
    this.painter.mark();
  }

  /** Rows upwards; locks the view. */
  scroll(rows: number): void {
    this.settings = { ...this.settings, isLocked: true };
    this.target = Math.round(this.target) + rows;
    this.painter.mark();
  }

  private regroup(): void {
    const { bids, asks } = this.book;
    const rows = Math.floor(this.heightPx / ROW_HEIGHT);
    this.group = this.settings.group ?? chooseGroup(bids, asks, rows);
    this.digits = sizeDigits(
      [...bids.slice(0, 20), ...asks.slice(0, 20)],
      Number(this.instrument.lot),
      this.instrument.sizeDigits,
    );
    const mid = midRow(bids, asks, this.group);
    if (mid !== undefined) this.centre = this.target = Math.round(mid);
    this.onGroup(this.group);
  }

  private move(nowMs: number, mid: number, rows: number): void {
    if (!this.settings.isLocked) this.target = recentre(this.target, mid, rows);
    const isFar = Math.abs(this.target - this.centre) > rows * 2;
    this.centre =
      isStill.matches || isFar ? this.target : ease(this.centre, this.target, Math.max(8, nowMs - this.drawnMs));
    this.drawnMs = nowMs;
    if (this.centre !== this.target) this.painter.mark();
  }

  private draw(surface: Surface, nowMs: number): void {
    const { height } = surface;
    const { bids, asks } = this.book;
    this.heightPx = height;
    if (bids.length === 0 && asks.length === 0) return;
    if (this.group === 0) this.regroup();
    const rows = Math.floor(height / ROW_HEIGHT);
    this.move(nowMs, midRow(bids, asks, this.group) ?? this.target, rows);
    const { top, count } = rowsInSight(this.centre, height);
    if (this.bidSizes.length !== count) {
      this.bidSizes = new Float64Array(count);
      this.askSizes = new Float64Array(count);
    }
    const most = Math.max(
      sumRows(bids, -1, this.group, top, this.bidSizes),
      sumRows(asks, 1, this.group, top, this.askSizes),
    );
    this.paint(surface, top, count, most);
  }

  private paint(surface: Surface, top: number, count: number, most: number): void {
    const { context, width, height } = surface;
    const columns = columnsOf(width);
    const first = rowY(top, this.centre, height);
    // Bars first, words over them: two passes with few changes of style.
    const scale = most > 0 ? (columns.size + columns.own) / most : 0;
    context.fillStyle = colour('--sunk');
    context.fillRect(columns.price, 0, columns.priceWidth, height);
    this.bars(context, this.bidSizes, first, columns.price, -scale, colour('--buy-soft'));
    this.bars(context, this.askSizes, first, columns.price + columns.priceWidth, scale, colour('--sell-soft'));
    this.touch(context, width, height);
    context.textBaseline = 'middle';
    context.font = font(12);
    const middle = first + ROW_HEIGHT / 2 + 0.5;
    this.prices(context, columns, top, count, middle);
    context.textAlign = 'right';
    context.fillStyle = colour('--buy');
    this.sizes(context, this.bidSizes, columns.price - 8, middle);
    context.textAlign = 'left';
    context.fillStyle = colour('--sell');
    this.sizes(context, this.askSizes, columns.price + columns.priceWidth + 8, middle);
    this.own(context, columns, top, count, first);
  }

  private bars(
    context: CanvasRenderingContext2D,
    sizes: Float64Array,
    first: number,
    x: number,
    scale: number,
    fill: string,
  ): void {
    context.fillStyle = fill;
    for (let at = 0; at < sizes.length; at++) {
      const size = sizes[at] ?? 0;
      if (size > 0) context.fillRect(x, first + at * ROW_HEIGHT + 1, size * scale, ROW_HEIGHT - 2);
    }
  }

  /** Lines round the spread. */
  private touch(context: CanvasRenderingContext2D, width: number, height: number): void {
    const bid = this.book.bids[0]?.[0];
    const ask = this.book.asks[0]?.[0];
    context.fillStyle = colour('--line');
    if (bid !== undefined) context.fillRect(0, rowY(bidRow(bid, this.group), this.centre, height), width, 1);
    if (ask !== undefined) {
      context.fillRect(0, rowY(askRow(ask, this.group), this.centre, height) + ROW_HEIGHT, width, 1);
    }
  }

  private prices(
    context: CanvasRenderingContext2D,
    columns: Columns,
    top: number,
    count: number,
    middle: number,
  ): void {
    const tick = Number(this.instrument.tick);
    const x = columns.price + columns.priceWidth / 2;
    const { lastTicks } = this.book;
    const lastRow = lastTicks === null ? undefined : Math.round(lastTicks / this.group);
    context.textAlign = 'center';
    for (let at = 0; at < count; at++) {
      const row = top - at;
      const isLast = row === lastRow;
      const text = formatNumber(row * this.group * tick, { digits: this.instrument.priceDigits });
      if (isLast) {
        context.fillStyle = colour('--raised');
        context.fillRect(columns.price, middle + (at - 0.5) * ROW_HEIGHT, columns.priceWidth, ROW_HEIGHT - 1);
        context.strokeStyle = colour('--muted');
        context.strokeRect(
          columns.price + 0.5,
          middle + (at - 0.5) * ROW_HEIGHT + 0.5,
          columns.priceWidth - 1,
          ROW_HEIGHT - 2,
        );
      }
      context.fillStyle = colour(isLast ? '--text' : '--muted');
      context.fillText(text, x, middle + at * ROW_HEIGHT);
    }
  }

  private sizes(context: CanvasRenderingContext2D, sizes: Float64Array, x: number, middle: number): void {
    const lot = Number(this.instrument.lot);
    for (let at = 0; at < sizes.length; at++) {
      const size = sizes[at] ?? 0;
      if (size > 0) context.fillText(formatNumber(size * lot, { digits: this.digits }), x, middle + at * ROW_HEIGHT);
    }
  }

  /** Own orders: a box with the size, and what stands before it. */
  private own(context: CanvasRenderingContext2D, columns: Columns, top: number, count: number, first: number): void {
    const { orders } = this.quotes;
    if (orders.length === 0) return;
    const buys = new Map<number, OwnRow>();
    const sells = new Map<number, OwnRow>();
    for (const { side, ticks, openLots, aheadLots } of orders) {
      const at = top - (side === 1 ? bidRow(ticks, this.group) : askRow(ticks, this.group));
      if (at < 0 || at >= count) continue;
      const rows = side === 1 ? buys : sells;
      const held = rows.get(at);
      if (held === undefined) rows.set(at, { lots: openLots, aheadLots });
      else {
        held.lots += openLots;
        // Of several the one that waits longest.
        held.aheadLots = held.aheadLots === null || aheadLots === null ? null : Math.max(held.aheadLots, aheadLots);
      }
    }
    for (const [at, row] of buys) this.ownRow(context, columns, true, row, first + at * ROW_HEIGHT);
    for (const [at, row] of sells) this.ownRow(context, columns, false, row, first + at * ROW_HEIGHT);
  }

  private ownRow(context: CanvasRenderingContext2D, columns: Columns, isBuy: boolean, row: OwnRow, y: number): void {
    const lot = Number(this.instrument.lot);
    const x = isBuy ? 2 : columns.ownSell;
    context.fillStyle = colour('--accent');
    context.fillRect(isBuy ? x : x + columns.own - 3, y + 1, 3, ROW_HEIGHT - 2);
    context.fillStyle = colour('--accent-soft');
    context.fillRect(x, y + 1, columns.own, ROW_HEIGHT - 2);
    context.textAlign = isBuy ? 'left' : 'right';
    context.fillStyle = colour('--accent');
    const pixels = columns.own < 92 ? 10 : 11;
    context.font = font(pixels, 'mono', 600);
    const edge = isBuy ? x + 7 : x + columns.own - 7;
    const size = formatNumber(row.lots * lot, { digits: this.digits });
    context.fillText(`${isBuy ? 'B' : 'S'} ${size}`, edge, y + ROW_HEIGHT / 2 + 0.5);
    context.font = font(pixels);
    context.textAlign = isBuy ? 'right' : 'left';
    const ahead = row.aheadLots === null ? '…' : `≤${formatSize(roundUp(row.aheadLots * lot))}`;
    context.fillText(ahead, isBuy ? x + columns.own - 3 : x + 3, y + ROW_HEIGHT / 2 + 0.5);
  }
}

interface Columns {
  readonly own: number;
  readonly size: number;
  readonly price: number;
  readonly priceWidth: number;
  readonly ownSell: number;
}

/** Left to right: own bids, bids, price, asks, own asks. The heads above the canvas part it likewise. */
function columnsOf(width: number): Columns {
  const priceWidth = 80;
  const side = (width - priceWidth) / 2;
  const own = Math.floor(side * 0.64);
  const price = Math.floor(side);
  return { own, size: side - own - 2, price, priceWidth, ownSell: width - own - 2 };
}

/** An upper bound of two figures stays one. */
function roundUp(value: number): number {
  if (value <= 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit - 1e-9) * unit;
}

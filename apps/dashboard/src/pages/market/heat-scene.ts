/** The heatmap's state and drawing: two canvases, one of liquidity that changes with the columns, one of marks that change with the prints. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { HeatmapColumn, HeatmapData, QuotesData } from 'quotewright/server/protocol/stream';
import { type Surface, attachCanvas } from '../../lib/canvas.ts';
import { formatLots, formatTicks, formatTime, sideWord } from '../../lib/format.ts';
import type { Painter } from '../../lib/frames.ts';
import { subscribeRaw } from '../../lib/stream.ts';
import { colour, onTheme } from '../../lib/theme.ts';
import { drawAxes, drawNote, drawPriceTag, plotBox } from './heat-axes.ts';
import { drawQuotes, drawTouch } from './heat-marks.ts';
import { type HeatRange, packRamp, ramp } from './heat-scale.ts';
import { HeatTexture } from './heat-texture.ts';
import {
  type Box,
  type Fit,
  type Frame,
  type HeatView,
  firstAt,
  fitMarket,
  frameOf,
  midOf,
  pan,
  priceY,
  timeX,
  xTime,
  yPrice,
  zoomPrice,
} from './heat-view.ts';
import { PrintLayer } from './print-layer.ts';
import { PrintLog } from './print-log.ts';

/** What the frame around the canvas shows. */
export interface HeatStatus {
  readonly hasColumns: boolean;
  readonly isFollowing: boolean;
  readonly range: HeatRange;
  readonly stepTicks: number;
}

const NO_FIT: Fit = { centreTicks: 0, spanTicks: 1 };

export class HeatScene {
  private readonly instrument: InstrumentInfo;
  private readonly onStatus: (status: HeatStatus) => void;
  private readonly texture = new HeatTexture();
  private readonly log: PrintLog;
  private readonly prints: PrintLayer;
  private readonly ground: Painter;
  private readonly marks: Painter;
  private readonly stops: (() => void)[];
  private view: HeatView = { rangeMs: 60_000, endMs: undefined, centreTicks: undefined, spanTicks: undefined };
  private orders: QuotesData['orders'] = [];
  private fit: Fit | undefined;
  private box: Box = plotBox(1, 1);
  private pointer: { readonly x: number; readonly y: number } | undefined;
  private told: HeatStatus | undefined;

  constructor(
    ground: HTMLCanvasElement,
    marks: HTMLCanvasElement,
    instrument: InstrumentInfo,
    onStatus: (status: HeatStatus) => void,
  ) {
    this.instrument = instrument;
    this.onStatus = onStatus;
    this.recolour();
    this.ground = attachCanvas(ground, (surface) => this.drawGround(surface));
    this.marks = attachCanvas(marks, (surface) => this.drawMarks(surface));
    this.log = new PrintLog(instrument.name, instrument.index, (wallMs) => this.marks.mark(wallMs));
    this.prints = new PrintLayer(this.log);
    /* oxlint-disable no-unsafe-type-assertion -- the topic says what it carries */
    this.stops = [
      subscribeRaw(`heatmap:${instrument.name}`, (data, update) => {
        const { items } = data as HeatmapData;
        if (update.type === 'snapshot') this.texture.replace(items);
        else this.texture.append(items, (update.data as HeatmapData).items.length);
        this.moved(update.wallMs);
      }),
      subscribeRaw(`quotes:${instrument.name}`, (data, { wallMs }) => {
        this.orders = (data as QuotesData).orders;
        this.marks.mark(wallMs);
      }),
      onTheme(() => {
        this.recolour();
        this.prints.spoil();
      }),
    ];
    /* oxlint-enable no-unsafe-type-assertion */
  }

  stop(): void {
    for (const stop of this.stops) stop();
    this.log.stop();
    this.ground.stop();
    this.marks.stop();
  }

  get columns(): readonly HeatmapColumn[] {
    return this.texture.columns;
  }

  setRange(rangeMs: number): void {
    this.show({ ...this.view, rangeMs });
  }

  /** Back to the newest, at a height that fits. */
  follow(): void {
    this.show({ ...this.view, endMs: undefined, centreTicks: undefined, spanTicks: undefined });
  }

  pan(dx: number, dy: number): void {
    this.show(pan(this.view, this.frame(), this.box, dx, dy, this.newestMs()));
  }

  /** Round the pointer's price, or the middle. */
  zoom(factor: number, y = this.box.top + this.box.height / 2): void {
    const frame = this.frame();
    this.show(zoomPrice(this.view, frame, yPrice(y, frame, this.box), factor));
  }

  point(pointer: { readonly x: number; readonly y: number } | undefined): void {
    this.pointer = pointer;
    this.marks.mark();
  }

  private show(view: HeatView): void {
    this.view = view;
    this.moved();
  }

  private newestMs(): number {
    return this.columns.at(-1)?.timeMs ?? 0;
  }

  private frame(): Frame {
    return frameOf(this.view, this.newestMs(), this.fit ?? NO_FIT);
  }

  /** Columns in sight, as slice has them: one more to the left, which reaches in. */
  private inSight(frame: Frame): readonly [from: number, to: number] {
    return [Math.max(0, firstAt(this.columns, frame.fromMs) - 1), firstAt(this.columns, frame.toMs)];
  }

  /** New columns, or another view. */
  private moved(wallMs?: number): void {
    const [from, to] = this.inSight(this.frame());
    // A few of the columns say how far the market went.
    const stride = Math.max(1, Math.floor((to - from) / 120));
    this.fit = fitMarket(
      this.columns.slice(from, to).filter((_, index) => index % stride === 0),
      this.fit,
    );
    this.ground.mark(wallMs);
    this.marks.mark(wallMs);
    this.tell();
  }

  private tell(): void {
    const { view, texture, told } = this;
    const status: HeatStatus = {
      hasColumns: texture.columns.length > 0,
      isFollowing: view.endMs === undefined && view.centreTicks === undefined,
      range: texture.range,
      stepTicks: texture.columns.at(-1)?.stepTicks ?? 1,
    };
    if (
      told?.hasColumns === status.hasColumns &&
      told.isFollowing === status.isFollowing &&
      told.range === status.range &&
      told.stepTicks === status.stepTicks
    ) {
      return;
    }
    this.told = status;
    this.onStatus(status);
  }

  private recolour(): void {
    this.texture.setPalette(packRamp(ramp(colour('--heat-low'), colour('--heat-high'))));
  }

  private drawGround({ context, width, height }: Surface): void {
    this.box = plotBox(width, height);
    const { box } = this;
    context.fillStyle = colour('--heat-low');
    context.fillRect(box.left, box.top, box.width, box.height);
    if (this.columns.length === 0) return;
    if (this.texture.work()) this.ground.mark();
    const frame = this.frame();
    const [from, to] = this.inSight(frame);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    this.texture.draw(context, frame, box, from, to);
    drawTouch(context, this.columns, from, to, frame, box);
    context.restore();
    drawAxes(context, frame, box, this.instrument);
    this.tagTouch(context, frame);
  }

  private tagTouch(context: CanvasRenderingContext2D, frame: Frame): void {
    const newest = this.columns.at(-1);
    if (newest === undefined) return;
    const mid = midOf(newest);
    if (mid === undefined) return;
    const text = formatTicks(mid, this.instrument);
    drawPriceTag(context, priceY(mid, frame, this.box), this.box, text, colour('--text'), colour('--panel'));
  }

  private drawMarks(surface: Surface): void {
    const { context } = surface;
    if (this.columns.length === 0) return;
    const { box } = this;
    const frame = this.frame();
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    this.prints.draw(surface, frame, box);
    if (this.view.endMs === undefined) drawQuotes(context, this.orders, frame, box);
    context.restore();
    this.hover(context, frame);
  }

  private hover(context: CanvasRenderingContext2D, frame: Frame): void {
    const { pointer, box, instrument } = this;
    if (pointer === undefined || pointer.x > box.left + box.width || pointer.y > box.top + box.height) return;
    const ms = xTime(pointer.x, frame, box);
    const column = this.columns[firstAt(this.columns, ms) - 1];
    const ticks = yPrice(pointer.y, frame, box);
    context.fillStyle = colour('--muted');
    context.fillRect(Math.round(pointer.x), box.top, 1, box.height);
    context.fillRect(box.left, Math.round(pointer.y), box.width, 1);
    const price = Math.floor(ticks + 0.5);
    drawPriceTag(context, pointer.y, box, formatTicks(price, instrument), colour('--muted'), colour('--panel'));
    const cell = column === undefined ? -1 : Math.floor((ticks - column.fromTicks) / column.stepTicks);
    const lots = column?.lots[cell];
    const lines = [
      formatTime(ms, 1),
      column === undefined || lots === undefined
        ? `${formatTicks(price, instrument)} ${instrument.quote}`
        : cellPrices(column, cell, instrument),
      lots === undefined ? 'size not known here' : `${formatLots(lots, instrument)} ${instrument.base}`,
    ];
    const print = this.nearestPrint(pointer, frame);
    if (print !== undefined) lines.push(print);
    drawNote(context, pointer.x, pointer.y, box, lines);
  }

  /** The print under the pointer, in words. */
  private nearestPrint(pointer: { readonly x: number; readonly y: number }, frame: Frame): string | undefined {
    const { prints } = this.log;
    const reachMs = ((frame.toMs - frame.fromMs) / this.box.width) * 8;
    const ms = xTime(pointer.x, frame, this.box);
    let nearest: string | undefined;
    let least = 8;
    for (let at = firstAt(prints, ms - reachMs); at < prints.length; at++) {
      const print = prints[at];
      if (print === undefined || print.timeMs > ms + reachMs) break;
      const distance = Math.hypot(
        timeX(print.timeMs, frame, this.box) - pointer.x,
        priceY(print.ticks, frame, this.box) - pointer.y,
      );
      if (distance >= least) continue;
      least = distance;
      nearest = `${print.isOwn ? 'own' : 'trade'}: ${sideWord(print.side)} ${formatLots(print.lots, this.instrument)} at ${formatTicks(print.ticks, this.instrument)}`;
    }
    return nearest;
  }
}

function cellPrices(column: HeatmapColumn, cell: number, instrument: InstrumentInfo): string {
  const low = column.fromTicks + cell * column.stepTicks;
  const price = formatTicks(low, instrument);
  return column.stepTicks === 1
    ? `${price} ${instrument.quote}`
    : `${price} – ${formatTicks(low + column.stepTicks - 1, instrument)} ${instrument.quote}`;
}

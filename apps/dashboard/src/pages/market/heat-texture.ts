/**
 * The columns as a picture: one pixel a column across (a ring), one a price cell down. A new column costs one write of a pixel's width;
 * what is shown is that picture, stretched. New colours or a market that left the picture repaint it, a slice a frame, newest first.
 */
import type { HeatmapColumn } from 'quotewright/server/protocol/stream';
import { type HeatRange, RAMP_STEPS, fitRange, heatLevel, isClearlyOther } from './heat-scale.ts';
import { type Box, type Frame, evenRuns, midOf, priceY, timeX } from './heat-view.ts';

const COLUMNS = 2400;
/** The picture is in strips: a canvas that was drawn and then changes is copied by the browser, and so only the newest strip is. */
const STRIP = 240;
const ROWS = 1024;
/** Columns painted again a frame: well under a millisecond's work each hundred. */
const REPAINT_AT_ONCE = 160;
/** Columns between two looks at the range of sizes. */
const LOOK_EVERY = 40;
const SAMPLED_COLUMNS = 60;

export class HeatTexture {
  columns: readonly HeatmapColumn[] = [];
  range: HeatRange = { low: 1, high: 100 };
  private readonly strips = Array.from({ length: COLUMNS / STRIP }, makeStrip);
  private readonly pixel = new ImageData(1, ROWS);
  private readonly words = new Uint32Array(this.pixel.data.buffer);
  private palette: Uint32Array = new Uint32Array(RAMP_STEPS);
  /** Columns so far; the newest lies at (count − 1) mod COLUMNS. */
  private count = 0;
  private stepTicks = 1;
  /** Ticks at the picture's lower edge. */
  private baseTicks = 0;
  /** How many of the newest columns are painted in the colours of now, and how many in all are. */
  private painted = 0;

  setPalette(palette: Uint32Array): void {
    this.palette = palette;
    this.painted = 0;
  }

  /** All of it anew. */
  replace(columns: readonly HeatmapColumn[]): void {
    this.columns = columns;
    this.count = columns.length;
    this.painted = 0;
    this.look();
    this.place();
  }

  /** `columns` are all that is kept, the last `added` of them new. */
  append(columns: readonly HeatmapColumn[], added: number): void {
    this.columns = columns;
    const looks = Math.floor(this.count / LOOK_EVERY);
    this.count += added;
    this.painted = Math.min(this.painted, columns.length - added);
    if (looks !== Math.floor(this.count / LOOK_EVERY)) this.look();
    const newest = columns.at(-1);
    if (newest !== undefined && !this.holds(newest)) {
      this.place();
      this.painted = 0;
      return;
    }
    for (let at = columns.length - added; at < columns.length; at++) this.paintColumn(at);
    if (this.painted > 0 || columns.length === added) this.painted += added;
  }

  private holds(column: HeatmapColumn): boolean {
    const mid = midOf(column) ?? column.fromTicks;
    const margin = (ROWS / 8) * this.stepTicks;
    return (
      column.stepTicks === this.stepTicks &&
      mid > this.baseTicks + margin &&
      mid < this.baseTicks + ROWS * this.stepTicks - margin
    );
  }

  /** Puts the newest mid into the middle of the picture. */
  private place(): void {
    const newest = this.columns.at(-1);
    if (newest === undefined) return;
    this.stepTicks = newest.stepTicks;
    const mid = midOf(newest) ?? newest.fromTicks;
    this.baseTicks = (Math.floor(mid / this.stepTicks) - ROWS / 2) * this.stepTicks;
  }

  /** Fits the colours to the sizes of the last minutes. */
  private look(): void {
    const densities: number[] = [];
    const stride = Math.max(1, Math.floor(this.columns.length / SAMPLED_COLUMNS));
    for (let at = this.columns.length - 1; at >= 0; at -= stride) {
      const column = this.columns[at];
      if (column === undefined) continue;
      for (const lots of column.lots) if (lots > 0) densities.push(lots / column.stepTicks);
    }
    const range = fitRange(Float64Array.from(densities));
    if (!isClearlyOther(range, this.range)) return;
    this.range = range;
    this.painted = 0;
  }

  private slot(at: number): number {
    return (this.count - this.columns.length + at) % COLUMNS;
  }

  private paintColumn(at: number): void {
    const column = this.columns[at];
    if (column === undefined) return;
    const { words, palette, range, stepTicks } = this;
    words.fill(0);
    // A column of wider cells fills several pixels; one of finer cells shows the last that falls into a pixel.
    const tall = Math.max(1, Math.round(column.stepTicks / stepTicks));
    const cells = column.lots;
    for (let cell = 0; cell < cells.length; cell++) {
      const lots = cells[cell] ?? 0;
      if (lots <= 0) continue;
      const colour = palette[heatLevel(lots / column.stepTicks, range)] ?? 0;
      const bin = Math.floor((column.fromTicks + cell * column.stepTicks - this.baseTicks) / stepTicks);
      for (let row = bin; row < bin + tall; row++) if (row >= 0 && row < ROWS) words[ROWS - 1 - row] = colour;
    }
    const slot = this.slot(at);
    this.strips[Math.floor(slot / STRIP)]?.context?.putImageData(this.pixel, slot % STRIP, 0);
  }

  /** Goes on repainting; true while there is more to do. */
  work(): boolean {
    const { length } = this.columns;
    for (let left = REPAINT_AT_ONCE; left > 0 && this.painted < length; left--) {
      this.paintColumn(length - 1 - this.painted);
      this.painted++;
    }
    return this.painted < length;
  }

  /** Draws the columns from `from` to before `to` into the box. */
  draw(context: CanvasRenderingContext2D, frame: Frame, box: Box, from: number, to: number): void {
    const first = Math.max(from, this.columns.length - this.painted);
    const top = priceY(this.baseTicks + ROWS * this.stepTicks, frame, box);
    const bottom = priceY(this.baseTicks, frame, box);
    context.imageSmoothingEnabled = false;
    for (const run of evenRuns(this.columns, first, to)) {
      const fromMs = this.columns[run.from]?.timeMs ?? 0;
      const toMs = (this.columns[run.to - 1]?.timeMs ?? 0) + run.stepMs;
      this.stretch(context, run.from, run.to, timeX(fromMs, frame, box), timeX(toMs, frame, box), top, bottom);
    }
  }

  /** A run lies over several strips; they meet at whole pixels, or a hair would be seen between them. */
  private stretch(
    context: CanvasRenderingContext2D,
    from: number,
    to: number,
    left: number,
    right: number,
    top: number,
    bottom: number,
  ): void {
    const x = (at: number): number => Math.round(left + ((right - left) * (at - from)) / (to - from));
    for (let at = from; at < to;) {
      const slot = this.slot(at);
      const count = Math.min(to - at, STRIP - (slot % STRIP));
      const strip = this.strips[Math.floor(slot / STRIP)];
      const [begin, end] = [x(at), x(at + count)];
      if (strip !== undefined && end > begin) {
        context.drawImage(strip.canvas, slot % STRIP, 0, count, ROWS, begin, top, end - begin, bottom - top);
      }
      at += count;
    }
  }
}

function makeStrip(): { readonly canvas: HTMLCanvasElement; readonly context: CanvasRenderingContext2D | null } {
  const canvas = document.createElement('canvas');
  canvas.width = STRIP;
  canvas.height = ROWS;
  return { canvas, context: canvas.getContext('2d') };
}

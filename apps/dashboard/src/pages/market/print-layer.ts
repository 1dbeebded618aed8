/**
 * Prints as a picture that moves with the view: while only time goes on it is shifted, and what came since is drawn over it. It is drawn
 * anew when the view changes otherwise or has moved far. Thousands of bubbles forty times a second would be most of a frame's work.
 */
import type { Surface } from '../../lib/canvas.ts';
import { drawPrints } from './heat-marks.ts';
import { type Box, type Frame, firstAt, shiftOf } from './heat-view.ts';
import type { PrintLog } from './print-log.ts';

/** Prints drawn over the picture at most. */
const MOST_SINCE = 300;

export class PrintLayer {
  private readonly canvas = document.createElement('canvas');
  private readonly log: PrintLog;
  /** Prints in the picture. */
  private count = 0;
  private version = -1;
  /** Lots of a usual print, by which the bubbles are sized. */
  private unit = 1;
  /** What it shows; undefined: nothing that could be kept. */
  private frame: Frame | undefined;

  constructor(log: PrintLog) {
    this.log = log;
  }

  /** The colours are others. */
  spoil(): void {
    this.frame = undefined;
  }

  draw(surface: Surface, frame: Frame, box: Box): void {
    const { canvas, log } = this;
    const { context, width, height, density } = surface;
    const [wide, high] = [Math.round(width * density), Math.round(height * density)];
    const isSame = canvas.width === wide && canvas.height === high && this.version === log.version;
    let shift = isSame && log.count - this.count < MOST_SINCE ? shiftOf(this.frame, frame, box) : undefined;
    if (shift === undefined) {
      this.redraw(surface, frame, box, wide, high);
      shift = 0;
    }
    context.drawImage(canvas, shift, 0, width, height);
    const since = log.count - this.count;
    if (since > 0) drawPrints(context, log.prints, Math.max(0, log.prints.length - since), this.unit, frame, box);
  }

  private redraw({ density }: Surface, frame: Frame, box: Box, wide: number, high: number): void {
    const { canvas, log } = this;
    canvas.width = wide;
    canvas.height = high;
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(density, 0, 0, density, 0, 0);
    this.unit = unitOf(log.prints);
    this.frame = frame;
    this.version = log.version;
    this.count = log.count;
    drawPrints(context, log.prints, firstAt(log.prints, frame.fromMs), this.unit, frame, box);
  }
}

/** The usual size of a print: the median of the last ones. */
function unitOf(prints: readonly { readonly lots: number }[]): number {
  const lots = prints.slice(-200).map((print) => print.lots);
  lots.sort((a, b) => a - b);
  return lots[lots.length >> 1] ?? 1;
}

/** A canvas that keeps the size of its box and the density of its screen, and is drawn when something changed. */
import { type Painter, startPainter } from './frames.ts';
import { onTheme } from './theme.ts';

export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly density: number;
}

/** `draw` gets a cleared surface in CSS pixels. */
export function attachCanvas(canvas: HTMLCanvasElement, draw: (surface: Surface, nowMs: number) => void): Painter {
  const context = canvas.getContext('2d');
  if (context === null) return { mark() {}, stop() {} };
  let width = canvas.clientWidth;
  let height = canvas.clientHeight;
  const painter = startPainter((nowMs) => {
    if (width === 0 || height === 0) return;
    const density = window.devicePixelRatio;
    const [wide, high] = [Math.round(width * density), Math.round(height * density)];
    // Setting the size clears, and costs: only when it is another.
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
    }
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    draw({ context, width, height, density }, nowMs);
  });
  const watcher = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    width = entry.contentRect.width;
    height = entry.contentRect.height;
    painter.mark();
  });
  watcher.observe(canvas);
  const stopTheme = onTheme(() => painter.mark());
  return {
    mark: (wallMs) => painter.mark(wallMs),
    stop() {
      watcher.disconnect();
      stopTheme();
      painter.stop();
    },
  };
}

const family = { sans: '', mono: '' };

/** A font of the page's, for a canvas. */
export function font(pixels: number, kind: 'sans' | 'mono' = 'mono', weight = 400): string {
  if (family.sans === '') {
    const style = getComputedStyle(document.documentElement);
    family.sans = style.getPropertyValue('--font').trim();
    family.mono = style.getPropertyValue('--mono').trim();
  }
  return `${weight} ${pixels}px ${family[kind]}`;
}

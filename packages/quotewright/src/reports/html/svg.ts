/** Observable Plot on a document without a browser: a chart as the text of an SVG, drawn once wide and once for a phone. */
import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Widths in CSS pixels; the style sheet shows the one that fits. */
const WIDE = 620;
const NARROW = 340;

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** A chart in both widths. `options` are asked for each; colours are the page's variables. */
export function chart(label: string, options: (width: number) => PlotOptions): string {
  return `<div class="wide">${draw(label, WIDE, options)}</div><div class="narrow">${draw(label, NARROW, options)}</div>`;
}

function draw(label: string, width: number, options: (width: number) => PlotOptions): string {
  const element = plot({
    document,
    width,
    height: Math.round(width * 0.45 + 60),
    marginLeft: 56,
    marginRight: 14,
    style: { background: 'transparent', fontSize: '11px' },
    ariaLabel: label,
    ...options(width),
  });
  return element.outerHTML;
}

/** The calibration of fill probabilities as an SVG: forecast against what happened, by decile, the size of a dot by its orders. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Truth } from './truth.ts';

const WIDTH = 640;

interface Dot {
  readonly model: string;
  readonly forecast: number;
  readonly observed: number;
  readonly orders: number;
}

function isBetween({ forecast }: Dot): boolean {
  return forecast > 0.05 && forecast < 0.95;
}

/** Of the models that draw; those that answer 0 or 1 have two dots, in the corners. */
export function calibrationSvg(truth: Truth): string {
  const dots: Dot[] = [];
  for (const { name, kind, calibration } of truth.models) {
    if (kind === 'bound' || (kind === 'standard' && name !== truth.bestStandard)) continue;
    for (const { count, forecast, observed } of calibration) {
      if (count > 0) dots.push({ model: name, forecast, observed, orders: count });
    }
  }
  const { document } = parseHTML('<html><body></body></html>');
  const chart = Plot.plot({
    document,
    width: WIDTH,
    height: WIDTH,
    grid: true,
    x: { domain: [0, 1], label: 'forecast probability of a fill' },
    y: { domain: [0, 1], label: `filled (${truth.symbol})` },
    color: { legend: false },
    r: { type: 'log', range: [3, 14] },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { strokeDasharray: '4 4' },
      ),
      Plot.dot(dots, { x: 'forecast', y: 'observed', r: 'orders', stroke: 'model', strokeWidth: 2 }),
      // The corners hold the certain answers of every model, one upon the other.
      Plot.text(dots.filter(isBetween), {
        x: 'forecast',
        y: 'observed',
        text: 'model',
        fill: 'model',
        dy: -14,
        fontSize: 9,
      }),
    ],
  });
  chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return chart.outerHTML;
}

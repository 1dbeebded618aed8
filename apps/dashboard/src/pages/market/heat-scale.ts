/**
 * Sizes as colours: on a log scale between the sizes that are common, in steps that look equal (OKLab lightness is linear), so that twice
 * the size is the same step anywhere on the scale and in both themes.
 */
import { niceStep } from '../../lib/nice-step.ts';

type Rgb = readonly [red: number, green: number, blue: number];
type Lab = readonly [lightness: number, a: number, b: number];

const toLinear = (channel: number): number => {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const fromLinear = (c: number): number => {
  const clipped = Math.min(1, Math.max(0, c));
  return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
};

/** Björn Ottosson's OKLab. */
export function toLab([red, green, blue]: Rgb): Lab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export function fromLab([lightness, a, b]: Lab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** `#rrggbb`. */
export function parseHex(text: string): Rgb {
  const value = Number.parseInt(text.replace('#', ''), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export const RAMP_STEPS = 64;

/** From `low` to `high`, even in lightness; a bow of chroma in the middle keeps it from looking grey. */
export function ramp(low: string, high: string): readonly Rgb[] {
  const [from, to] = [toLab(parseHex(low)), toLab(parseHex(high))];
  return Array.from({ length: RAMP_STEPS }, (_, step) => {
    const t = step / (RAMP_STEPS - 1);
    const bow = Math.sin(Math.PI * t);
    return fromLab([
      from[0] + (to[0] - from[0]) * t,
      from[1] + (to[1] - from[1]) * t - 0.02 * bow,
      from[2] + (to[2] - from[2]) * t - 0.12 * bow,
    ]);
  });
}

/** The same as pixels of an ImageData seen as 32-bit words (little-endian: ABGR). */
export const packRamp = (colours: readonly Rgb[]): Uint32Array =>
  Uint32Array.from(colours, ([red, green, blue]) => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0);

export interface HeatRange {
  /** Lots a tick: what is at or below `low` has the first colour, at or above `high` the last. */
  readonly low: number;
  readonly high: number;
}

/** Index into the ramp. */
export function heatLevel(density: number, { low, high }: HeatRange): number {
  if (density <= low) return 0;
  if (density >= high) return RAMP_STEPS - 1;
  return Math.round((Math.log(density / low) / Math.log(high / low)) * (RAMP_STEPS - 1));
}

/** The range of what was seen: round numbers, at least a decade apart. `densities` is sorted in place. */
export function fitRange(densities: Float64Array): HeatRange {
  if (densities.length === 0) return { low: 1, high: 100 };
  densities.sort();
  const at = (share: number): number => densities[Math.floor(share * (densities.length - 1))] ?? 1;
  const high = niceStep(at(0.985));
  const low = niceStep(at(0.1));
  return { low: Math.min(low, high / 10), high };
}

/** Another range is worth new colours only when it differs clearly: the picture must not flicker. */
export function isClearlyOther(a: HeatRange, b: HeatRange): boolean {
  return Math.abs(Math.log(a.high / b.high)) > 0.5 || Math.abs(Math.log(a.low / b.low)) > 1;
}

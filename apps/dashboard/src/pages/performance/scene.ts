/** A small drawing as a list of shapes: made once, shown as SVG, and painted on a canvas when it is exported. Sizes in CSS pixels. */

/** Colours by what they say; the style sheet has them. */
export type Ink = 'text' | 'muted' | 'grid' | 'gain' | 'loss' | 'total';

export type Shape =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly ink: Ink;
      /** Losses are hatched: colour is not the only sign. */
      readonly isHatched?: boolean;
    }
  | {
      readonly kind: 'line';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly ink: Ink;
      readonly isDashed?: boolean;
      readonly thickness?: number;
    }
  | { readonly kind: 'dot'; readonly x: number; readonly y: number; readonly radius: number; readonly ink: Ink }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly ink: Ink;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly isBold?: boolean;
      /** What it means: told on hover and focus. */
      readonly about?: string;
    };

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** Of all texts. */
export const FONT_SIZE = 12;

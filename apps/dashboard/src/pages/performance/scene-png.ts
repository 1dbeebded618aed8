/** A drawing as a PNG: the same shapes on a canvas, twice as fine. */
import { exportPng } from '../../lib/export.ts';
import { colour } from '../../lib/theme.ts';
import { FONT_SIZE, type Ink, type Scene, type Shape } from './scene.ts';

const FINENESS = 2;
const MARGIN = 16;

/** The style sheet's inks, by custom property. */
const INKS: Readonly<Record<Ink, string>> = {
  text: '--text',
  muted: '--muted',
  grid: '--line',
  gain: '--good',
  loss: '--bad',
  total: '--series-1',
};

export function saveScene(name: string, scene: Scene): void {
  const canvas = document.createElement('canvas');
  canvas.width = (scene.width + 2 * MARGIN) * FINENESS;
  canvas.height = (scene.height + 2 * MARGIN) * FINENESS;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(FINENESS, FINENESS);
  context.translate(MARGIN, MARGIN);
  for (const shape of scene.shapes) paint(context, shape);
  exportPng(name, [canvas]);
}

function paint(context: CanvasRenderingContext2D, shape: Shape): void {
  context.fillStyle = colour(INKS[shape.ink]);
  context.strokeStyle = context.fillStyle;
  context.beginPath();
  switch (shape.kind) {
    case 'rect':
      context.fillRect(shape.x, shape.y, shape.width, shape.height);
      if (shape.isHatched === true) hatch(context, shape);
      break;
    case 'line':
      context.lineWidth = shape.thickness ?? 1;
      context.setLineDash(shape.isDashed === true ? [3, 3] : []);
      context.moveTo(shape.x1, shape.y1);
      context.lineTo(shape.x2, shape.y2);
      context.stroke();
      break;
    case 'dot':
      context.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
      context.fill();
      break;
    case 'text':
      context.font = `${shape.isBold === true ? '600 ' : ''}${FONT_SIZE}px system-ui, sans-serif`;
      context.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor;
      context.textBaseline = 'middle';
      context.fillText(shape.text, shape.x, shape.y);
      break;
  }
}

/** Slanted lines in the panel's colour over what was filled. */
function hatch(context: CanvasRenderingContext2D, { x, y, width, height }: Shape & { kind: 'rect' }): void {
  context.save();
  context.rect(x, y, width, height);
  context.clip();
  context.beginPath();
  context.strokeStyle = colour('--panel');
  context.lineWidth = 1.5;
  context.setLineDash([]);
  for (let at = x - height; at < x + width; at += 8) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
}

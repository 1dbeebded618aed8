/** Any chart as a file: CSV of its numbers, PNG of its pixels on the page's background. */
import { type Cell, toCsv } from './csv.ts';
import { colour } from './theme.ts';

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function exportCsv(name: string, header: readonly string[], rows: Iterable<readonly Cell[]>): void {
  download(new Blob([toCsv(header, rows)], { type: 'text/csv' }), `${name}.csv`);
}

/** Canvases lie over each other in the order given. */
export function exportPng(name: string, canvases: readonly HTMLCanvasElement[]): void {
  const [first] = canvases;
  if (first === undefined) return;
  const sheet = document.createElement('canvas');
  sheet.width = first.width;
  sheet.height = first.height;
  const context = sheet.getContext('2d');
  if (context === null) return;
  context.fillStyle = colour('--panel');
  context.fillRect(0, 0, sheet.width, sheet.height);
  for (const canvas of canvases) context.drawImage(canvas, 0, 0);
  sheet.toBlob((blob) => {
    if (blob !== null) download(blob, `${name}.png`);
  });
}

/**
 * The tape's rows on the page, without React: a handful of elements for any number of prints. A row stands at a place that goes with its
 * print's number, so a new print moves the list (one transform) and fills one row; the others are not touched.
 */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import { formatLots, formatTicks, formatTime, sideLetter } from '../../lib/format.ts';
import type { Print, PrintLog } from './print-log.ts';

export const TAPE_ROW = 20;
const SPARE_ROWS = 4;
/** Prints after which places are counted from another number: far places are not exact in a browser. */
const REBASE = 10_000;

interface RowElements {
  readonly row: HTMLElement;
  readonly time: HTMLElement;
  readonly side: HTMLElement;
  readonly price: HTMLElement;
  readonly size: HTMLElement;
  readonly bar: HTMLElement;
  shown: Print | undefined;
  /** Where it stands in the list, pixels. */
  top: number;
}

function makeRow(list: HTMLElement): RowElements {
  const row = document.createElement('li');
  const cells = ['time', 'side', 'price', 'size', 'bar'].map((name) => {
    const cell = document.createElement('span');
    cell.className = `tape-${name}`;
    row.append(cell);
    return cell;
  });
  list.append(row);
  const [time = row, side = row, price = row, size = row, bar = row] = cells;
  return { row, time, side, price, size, bar, shown: undefined, top: Number.NaN };
}

export class TapeView {
  private readonly box: HTMLElement;
  private readonly list: HTMLElement;
  private readonly rowsBox: HTMLElement;
  private readonly instrument: InstrumentInfo;
  private readonly rows: RowElements[] = [];
  private largest = 1;
  private largestAt = 0;

  constructor(box: HTMLElement, list: HTMLElement, rowsBox: HTMLElement, instrument: InstrumentInfo) {
    this.box = box;
    this.list = list;
    this.rowsBox = rowsBox;
    this.instrument = instrument;
  }

  draw(log: PrintLog): void {
    const { prints } = log;
    const wanted = Math.min(prints.length, Math.ceil(this.box.clientHeight / TAPE_ROW) + SPARE_ROWS);
    while (this.rows.length < wanted) this.rows.push(makeRow(this.rowsBox));
    this.scale(log);
    const first = Math.max(0, Math.floor(this.box.scrollTop / TAPE_ROW) - SPARE_ROWS / 2);
    // The box scrolls over as many rows as there are prints; the list in it moves with the newest.
    this.list.style.height = `${prints.length * TAPE_ROW}px`;
    const base = Math.floor(log.count / REBASE) * REBASE;
    this.rowsBox.style.transform = `translateY(${(log.count - base) * TAPE_ROW}px)`;
    for (let at = 0; at < this.rows.length; at++) {
      // The same print keeps the same element while it is in sight.
      const fromNewest = first + at;
      const number = log.count - 1 - fromNewest;
      const elements = this.rows[((number % this.rows.length) + this.rows.length) % this.rows.length];
      const print = prints[prints.length - 1 - fromNewest];
      if (elements === undefined) continue;
      if (elements.row.hidden !== (print === undefined)) elements.row.hidden = print === undefined;
      const top = (base - number - 1) * TAPE_ROW;
      if (elements.top !== top) elements.row.style.transform = `translateY(${top}px)`;
      elements.top = top;
      if (print !== undefined && elements.shown !== print) this.fill(elements, print);
    }
  }

  /** Bars against the largest of the last prints; looked at now and then, so that they do not dance. */
  private scale(log: PrintLog): void {
    if (log.count - this.largestAt < 50 && this.largestAt > 0) return;
    this.largestAt = log.count;
    let largest = 1;
    for (const print of log.prints.slice(-500)) if (print.lots > largest) largest = print.lots;
    this.largest = largest;
  }

  private fill(elements: RowElements, print: Print): void {
    elements.shown = print;
    const { row, time, side, price, size, bar } = elements;
    row.className = `${print.side === 1 ? 'tape-buy' : 'tape-sell'}${print.isOwn ? ' tape-own' : ''}`;
    time.textContent = formatTime(print.timeMs);
    side.textContent = print.isOwn ? `own ${sideLetter(print.side)}` : sideLetter(print.side);
    price.textContent = formatTicks(print.ticks, this.instrument);
    size.textContent = formatLots(print.lots, this.instrument);
    bar.style.transform = `scaleX(${Math.min(1, Math.sqrt(print.lots / this.largest)).toFixed(3)})`;
  }
}

/**
 * Closing prices from CSV files, for VaR on history. A file is either a table of one column of times and one of prices for each asset
 * (`Date,BTC,ETH`), or bars of one asset (columns `Date` or `Unix`, `Symbol`, `Close`, as exchanges and CryptoDataDownload give them, a
 * banner line before the header allowed). Rows may run either way in time. Files are joined on the times that all of them have.
 */
import { openSource } from '../data/source.ts';
import { textLines } from '../data/lines.ts';
import { InputError } from '../data/report.ts';

interface Column {
  readonly name: string;
  readonly path: string;
  /** Text of the price and its line, by time. */
  readonly cells: ReadonlyMap<string, { readonly text: string; readonly line: number }>;
}

export class PriceTable {
  readonly #columns: readonly Column[];

  private constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  /** @throws InputError at the first thing that is wrong with a file */
  static async read(paths: readonly string[]): Promise<PriceTable> {
    const columns: Column[] = [];
    for (const path of paths) columns.push(...(await readColumns(path)));
    const names = columns.map(({ name }) => name.toUpperCase());
    const twice = columns.find(({ name }, i) => names.indexOf(name.toUpperCase()) !== i);
    if (twice !== undefined)
      throw new InputError(`${twice.path}: found '${twice.name}' twice, expected each asset once`);
    return new PriceTable(columns);
  }

  get names(): string[] {
    return this.#columns.map(({ name }) => name);
  }

  /** The column that a person means by `btc`: its name in any case, or the only one that begins with it (BTCUSDT). @throws InputError */
  find(wanted: string): string {
    const upper = wanted.toUpperCase();
    const exact = this.names.find((name) => name.toUpperCase() === upper);
    const starting = this.names.filter((name) => name.toUpperCase().startsWith(upper));
    const found = exact ?? (starting.length === 1 ? starting[0] : undefined);
    if (found !== undefined) return found;
    const many = starting.length > 1 ? 'only one' : 'one';
    throw new InputError(`positions: found '${wanted}', expected ${many} of ${this.names.join(', ')}`);
  }

  /**
   * Prices of some assets, in the order of the names, at the times that all of them have, oldest first.
   * @throws InputError at a price that is none
   */
  select(names: readonly string[]): { times: string[]; prices: Float64Array; dropped: number } {
    const columns = names.map((name) => this.#columns.find((column) => column.name === name)!);
    const all = new Set(columns.flatMap(({ cells }) => [...cells.keys()]));
    const times = [...all].filter((time) => columns.every(({ cells }) => cells.has(time))).toSorted(byTime);
    const prices = new Float64Array(times.length * columns.length);
    times.forEach((time, row) => {
      columns.forEach(({ name, path, cells }, column) => {
        const { text, line } = cells.get(time)!;
        const price = text.trim() === '' ? Number.NaN : Number(text);
        if (!(price > 0 && price < Infinity)) {
          throw new InputError(`${path}:${line}: ${name}: found '${text}', expected a price above 0`);
        }
        prices[row * columns.length + column] = price;
      });
    });
    return { times, prices, dropped: all.size - times.length };
  }
}

async function readColumns(path: string): Promise<Column[]> {
  const rows: { line: number; cells: string[] }[] = [];
  for await (const { lines, firstLine } of textLines(await openSource(path))) {
    lines.forEach((text, i) => {
      if (text.trim() !== '') rows.push({ line: firstLine + i, cells: text.split(',') });
    });
  }
  // A banner has no columns.
  if (rows[0]?.cells.length === 1) rows.shift();
  const head = rows.shift();
  if (head === undefined) throw new InputError(`${path}: found no header, expected one such as Date,BTC,ETH`);
  const header = head.cells.map((cell) => cell.trim().replaceAll('"', ''));
  const at = (name: string): number => header.findIndex((each) => each.toLowerCase() === name);
  const close = at('close');
  const dated = at('date');
  const time = dated >= 0 ? dated : close >= 0 ? Math.max(0, at('unix')) : 0;
  const priced = close >= 0 ? [close] : header.flatMap((_, i) => (i === time ? [] : [i]));
  if (priced.length === 0) {
    throw new InputError(`${path}:${head.line}: found columns '${header.join(',')}', expected a time and prices`);
  }
  const symbol = at('symbol');
  const name = (i: number): string =>
    i === close && symbol >= 0 ? (rows[0]?.cells[symbol]?.trim() ?? '') : header[i]!;
  const columns = priced.map((i) => ({
    name: name(i),
    path,
    cells: new Map<string, { text: string; line: number }>(),
  }));
  for (const { line, cells } of rows) {
    if (cells.length !== header.length) {
      throw new InputError(
        `${path}:${line}: found ${cells.length} columns, expected ${header.length} as in the header`,
      );
    }
    const when = cells[time]!.trim();
    if (!/^(\d{4}-\d\d-\d\d.*|\d+(\.\d+)?)$/.test(when)) {
      throw new InputError(`${path}:${line}: found the time '${when}', expected YYYY-MM-DD or a number`);
    }
    if (symbol >= 0 && close >= 0 && cells[symbol]!.trim() !== columns[0]!.name) {
      throw new InputError(
        `${path}:${line}: found '${cells[symbol]}', expected bars of one asset, '${columns[0]!.name}'`,
      );
    }
    const before = columns[0]!.cells.get(when);
    if (before !== undefined)
      throw new InputError(`${path}:${line}: found the time '${when}' again, it is in line ${before.line}`);
    priced.forEach((i, k) => columns[k]!.cells.set(when, { text: cells[i]!, line }));
  }
  return columns;
}

/** ISO texts are in order as they are, Unix times as numbers. */
function byTime(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (x === x && y === y) return x - y;
  return a < b ? -1 : 1;
}

/**
 * Returns of several assets over the same periods, oldest first. `data[row * assets + asset]` is a simple return (price ÷ price
 * before − 1), so that the profit of a position is its value × the return, exactly.
 */
export class ReturnMatrix {
  readonly assets: number;
  readonly rows: number;
  readonly data: Float64Array;

  /** @throws RangeError when the data are not whole rows of finite numbers */
  constructor(assets: number, data: Float64Array) {
    const rows = data.length / assets;
    if (!(assets >= 1 && Number.isInteger(rows))) {
      throw new RangeError(`returns: ${data.length} numbers are not rows of ${assets} assets`);
    }
    const bad = firstNotFinite(data);
    if (bad >= 0) {
      const [row, asset] = [Math.floor(bad / assets), bad % assets];
      throw new RangeError(`returns: row ${row}, asset ${asset}: found ${data[bad]}, expected a finite number`);
    }
    this.assets = assets;
    this.rows = rows;
    this.data = data;
  }

  /** From prices in the same layout. @throws RangeError when a price is not above zero */
  static ofPrices(assets: number, prices: Float64Array): ReturnMatrix {
    const bad = prices.findIndex((price) => !(price > 0 && price < Infinity));
    if (bad >= 0) {
      const [row, asset] = [Math.floor(bad / assets), bad % assets];
      throw new RangeError(`prices: row ${row}, asset ${asset}: found ${prices[bad]}, expected a price above zero`);
    }
    const returns = new Float64Array(Math.max(0, prices.length - assets));
    for (let i = 0; i < returns.length; i++) returns[i] = prices[i + assets] / prices[i] - 1;
    return new ReturnMatrix(assets, returns);
  }

  /** Rows from `from` to before `to`, on the same memory. */
  window(from: number, to: number): ReturnMatrix {
    return new ReturnMatrix(this.assets, this.data.subarray(from * this.assets, to * this.assets));
  }

  /** One asset's returns. */
  column(asset: number): Float64Array {
    return Float64Array.from({ length: this.rows }, (_, row) => this.data[row * this.assets + asset]);
  }

  /** Compounded returns of every `periods` rows that follow each other: rows − periods + 1 rows, which overlap. */
  overlapping(periods: number): ReturnMatrix {
    const { assets, data } = this;
    const rows = Math.max(0, this.rows - periods + 1);
    const longer = new Float64Array(rows * assets);
    for (let i = 0; i < longer.length; i++) {
      let growth = 1;
      for (let period = 0; period < periods; period++) growth *= 1 + data[i + period * assets];
      longer[i] = growth - 1;
    }
    return new ReturnMatrix(assets, longer);
  }

  /** Profits of each row for values held of each asset, short ones negative. */
  profits(values: Float64Array): Float64Array {
    const { assets, data } = this;
    const profits = new Float64Array(this.rows);
    for (let row = 0, at = 0; row < profits.length; row++) {
      let profit = 0;
      for (let asset = 0; asset < assets; asset++, at++) profit += values[asset] * data[at];
      profits[row] = profit;
    }
    return profits;
  }
}

/** A loop, because simulated returns come by the hundred thousand. */
function firstNotFinite(data: Float64Array): number {
  for (let i = 0; i < data.length; i++) if (data[i] - data[i] !== 0) return i;
  return -1;
}

/** VaR of a portfolio on a history of closes: what `quotewright var` works out. */
import type { Scenario } from '@quotewright/core/risk/var/scenarios';
import { type VarEstimate, type VarMethod, type VarSettings, estimateVar } from '@quotewright/core/risk/var/estimate';
import { ReturnMatrix } from '@quotewright/core/risk/var/return-matrix';
import { type VarBacktest, backtestVar } from '@quotewright/core/risk/var/rolling';
import { type StressFigures, stress } from '@quotewright/core/risk/var/stress';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { PriceTable } from './price-table.ts';

export interface StudyOptions {
  /** Units by asset, as a person calls it. */
  readonly positions: ReadonlyMap<string, number>;
  readonly methods: readonly VarMethod[];
  readonly settings: Omit<VarSettings, 'method'>;
  /** Returns looked back on; in a backtest before each period. */
  readonly window: number;
  readonly isBacktest: boolean;
  /** Undefined: no stress. */
  readonly scenarios: readonly Scenario[] | undefined;
  /** Present spread as a share of the mid, and depth in the currency of the prices, of all assets. */
  readonly spread: number;
  readonly depth: number;
}

export interface Held {
  readonly name: string;
  readonly units: number;
  readonly price: number;
  readonly value: number;
}

export interface Study {
  readonly held: readonly Held[];
  readonly net: number;
  readonly gross: number;
  /** Times of the first and the last price that estimates use. */
  readonly from: string;
  readonly to: string;
  /** Returns that they use. */
  readonly returns: number;
  /** Times that not all assets had. */
  readonly dropped: number;
  readonly estimates: readonly VarEstimate[];
  /** By method. */
  readonly backtests: readonly { readonly method: VarMethod; readonly levels: readonly VarBacktest[] }[];
  readonly stresses: readonly StressFigures[];
}

/** @throws InputError that names what was wrong */
export function study(table: PriceTable, options: StudyOptions): Study {
  const { positions, methods, settings, window, isBacktest, scenarios, spread, depth } = options;
  const names = [...positions.keys()].map((name) => table.find(name));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(`positions: found '${twice}' twice`);
  const { times, prices, dropped } = table.select(names);
  const assets = names.length;
  const least = settings.scaling === 'overlapping' ? (settings.horizon ?? 1) + 2 : 3;
  if (times.length < least) {
    throw new InputError(`prices: found ${times.length} rows that all assets have, expected ${least} or more`);
  }
  const last = prices.subarray(-assets);
  const held = [...positions.values()].map((units, i): Held => {
    const price = last[i]!;
    return { name: names[i]!, units, price, value: units * price };
  });
  const values = Float64Array.from(held, ({ value }) => value);
  try {
    const all = ReturnMatrix.ofPrices(assets, prices);
    const used = all.window(Math.max(0, all.rows - window), all.rows);
    return {
      held,
      net: values.reduce((sum, value) => sum + value, 0),
      gross: values.reduce((sum, value) => sum + Math.abs(value), 0),
      from: times[times.length - 1 - used.rows]!,
      to: times.at(-1)!,
      returns: used.rows,
      dropped,
      estimates: methods.map((method) => estimateVar(used, values, { ...settings, method })),
      backtests: isBacktest
        ? methods.map((method) => ({ method, levels: backtestVar(all, values, { ...settings, method }, window) }))
        : [],
      stresses: (scenarios ?? []).map((scenario) =>
        stress(
          scenario,
          held.map(({ name, value }) => ({ name: baseOf(name), value, spread, depth })),
        ),
      ),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(reasonOf(error));
    throw error;
  }
}

/** BTC of BTCUSDT, BTC-USD, BTC/EUR: what scenarios call it. */
function baseOf(name: string): string {
  return name.toUpperCase().replace(/(?<=.)[-_/]?(USDT|USDC|USD|EUR|BUSD|FDUSD)$/, '');
}

/** Value at risk of ten instruments from 500 returns: each method in this thread, and the whole way to the worker and back. */
import { Random } from '@quotewright/core/base/random';
import { type VarMethod, VAR_METHOD_NAMES, estimateVar } from '@quotewright/core/risk/var/estimate';
import { ReturnMatrix } from '@quotewright/core/risk/var/return-matrix';
import { VarService } from 'quotewright/var/var-service';

const ASSETS = 10;
const RETURNS = 500;
const PATHS = 10_000;
const LEVELS = [0.95, 0.99];
const ROUNDS = 60;

export async function benchVar(): Promise<unknown> {
  const random = Random.stream(1, 'bench.var');
  const prices: Float64Array[] = [new Float64Array(ASSETS).fill(100)];
  for (let row = 0; row < RETURNS; row++) {
    const shared = random.normal();
    prices.push(prices[row]!.map((price) => price * Math.exp(0.02 * (0.8 * shared + 0.6 * random.normal()))));
  }
  const returns = ReturnMatrix.ofPrices(ASSETS, Float64Array.from(prices.flatMap((row) => Array.from(row))));
  const values = Float64Array.from({ length: ASSETS }, (_, i) => (i % 3 === 0 ? -1000 : 1500));
  const methods: Record<string, unknown> = {};
  for (const method of VAR_METHOD_NAMES) {
    const settings = { method, levels: LEVELS, paths: PATHS };
    methods[method] = times(() => void estimateVar(returns, values, settings));
  }
  return {
    assets: ASSETS,
    returns: RETURNS,
    paths: PATHS,
    msHere: methods,
    worker: await measureWorker(prices, values, 'monte-carlo'),
    workerCopula: await measureWorker(prices, values, 't-copula'),
  };
}

/** What the trading thread pays for a sample and a request, what the worker takes, and when the answer is back. */
async function measureWorker(prices: readonly Float64Array[], values: Float64Array, method: VarMethod) {
  const settings = { method, levels: LEVELS, paths: PATHS };
  const service = new VarService({ settings, assets: ASSETS, window: RETURNS, minReturns: RETURNS });
  const sampleStart = performance.now();
  for (const row of prices) service.sample(row);
  const sampleUs = ((performance.now() - sampleStart) * 1000) / prices.length;
  const askUs: number[] = [];
  const workerMs: number[] = [];
  const backMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const number = service.request(values);
    askUs.push((performance.now() - start) * 1000);
    const { ms } = await service.answer(number);
    workerMs.push(ms);
    backMs.push(performance.now() - start);
  }
  await service.close();
  return { sampleUs, askUs: spread(askUs), workerMs: spread(workerMs), backMs: spread(backMs) };
}

function times(run: () => void) {
  const ms = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return spread(ms);
}

function spread(numbers: readonly number[]) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return { best: sorted[0], median: sorted[sorted.length >> 1] };
}

/** Currencies that limits cannot be worked out in: instruments of several venues often settle in dollars and in tokens of a dollar. */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { RiskSettings } from '@quotewright/core/risk/risk';

/** What a person should know before every order is refused, a line each. */
export function missingRates(instruments: readonly Instrument[], { gate = {} }: RiskSettings): string[] {
  const { currency = instruments[0]!.settlement, rates = {} } = gate;
  const known = new Set([currency, ...Object.keys(rates)]);
  // The gate converts by the price of an instrument between the two, and by no chain of them (`core/risk/rates.ts`).
  for (const { base, quote } of instruments) {
    if (quote === currency) known.add(base);
    else if (base === currency) known.add(quote);
  }
  const missing = new Set(instruments.map(({ settlement }) => settlement).filter((each) => !known.has(each)));
  return Array.from(
    missing,
    (each) =>
      `no rate of ${each} to ${currency} is known: orders that settle in it are refused (rates: { ${each}: 1 } in the risk file)`,
  );
}

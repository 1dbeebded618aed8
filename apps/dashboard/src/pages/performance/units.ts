/** How a figure of each unit is shown: by what it is scaled, its digits, and what stands behind it. Digits are fixed, so that figures line up. */

interface ShownUnit {
  readonly scale: number;
  readonly digits: number;
  /** Empty: the label says what is counted, or the figure has no dimension. */
  readonly unit: string;
}

/** What is divided into hundredths. Everything else that can settle a position is a coin. */
const HUNDREDTHS = new Set(['USD', 'USDT', 'USDC', 'FDUSD', 'BUSD', 'TUSD', 'DAI', 'EUR', 'GBP', 'CHF', 'JPY', 'AUD']);

export function moneyDigits(currency: string): number {
  return HUNDREDTHS.has(currency.toUpperCase()) ? 2 : 6;
}

/**
 * @param unit as of a figure, a limit or a series
 * @param currency of `currency` and `risk`
 * @param base of `base` and `size`, where one is known
 */
export function shownUnit(unit: string, currency: string, base = ''): ShownUnit {
  switch (unit) {
    case 'currency':
    case 'risk':
    case 'risk currency':
      return { scale: 1, digits: moneyDigits(currency), unit: currency };
    case 'fraction':
    case 'share':
      return { scale: 100, digits: 2, unit: '%' };
    case 'ratio':
      return { scale: 1, digits: 2, unit: '' };
    case '%':
    case 'bp':
    case 'ticks':
    case '×':
      return { scale: 1, digits: 2, unit };
    case 's':
    case 'seconds':
      return { scale: 1, digits: 2, unit: 's' };
    case 'count':
      return { scale: 1, digits: 0, unit: '' };
    case 'ms':
    case 'lots':
    case 'orders':
    case 'fills':
      return { scale: 1, digits: 0, unit };
    case 'size':
    case 'base':
    case 'base currency':
      return { scale: 1, digits: 4, unit: base === '' ? 'base currency' : base };
    default:
      return { scale: 1, digits: unit === currency ? moneyDigits(currency) : 2, unit };
  }
}

/** Figures of a single sample's return: what is hundredths of a per cent elsewhere is thousandths of that here. */
const SMALL = /^(?:var|es|total|dailyReturn|maxDrawdown$)/u;

/** The same for a figure of a report. */
export function shownFigure(
  { key, unit }: { readonly key: string; readonly unit: string },
  currency: string,
  base = '',
): ShownUnit {
  const shown = shownUnit(unit, currency, base);
  return unit === 'fraction' && SMALL.test(key) ? { ...shown, digits: 4 } : shown;
}

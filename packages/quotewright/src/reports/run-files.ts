/** Names of the files in a run's output folder, and the columns of those that are tables. */

export const RESULT_FILE = 'result.json';
export const FILLS_FILE = 'fills.csv';
export const ORDERS_FILE = 'orders.csv';
export const QUOTES_FILE = 'quotes.csv';
export const EQUITY_FILE = 'equity.csv';
export const REPORT_FILE = 'report.html';

export const FILL_COLUMNS = [
  'time',
  'local_ns',
  'venue_ns',
  'market',
  'symbol',
  'order',
  'side',
  'price',
  'size',
  'liquidity',
  'fee_rate',
  'mid',
  'position',
  'decision_mid',
] as const;

export const ORDER_COLUMNS = [
  'order',
  'market',
  'symbol',
  'side',
  'price',
  'size',
  'filled',
  'sent_ns',
  'ack_ns',
  'first_fill_ns',
  'end_ns',
  'state',
  'reason',
  'decision_mid',
  'fill_price',
] as const;

export const QUOTE_COLUMNS = ['order', 'market', 'symbol', 'side', 'price', 'size', 'from_ns', 'to_ns'] as const;

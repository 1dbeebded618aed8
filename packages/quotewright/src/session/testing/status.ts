/** A session's status as a test wants it. */
import type { SessionIntro } from '../reporter.ts';
import type { SessionStatus, StatusRow } from '../status.ts';

export const ROW: StatusRow = {
  strategy: 'microprice-maker',
  instrument: 'living:BTC-USD',
  pnl: -12.345,
  currency: 'USD',
  position: '-0.040',
  bid: '60000.0',
  ask: null,
  marketBid: '60000.0',
  marketAsk: '60000.5',
  openOrders: 1,
  idle: '',
  breaker: 'CLOSED',
};

export const STATUS: SessionStatus = {
  world: '',
  time: '2026-01-05T00:01:02.500000000Z',
  speed: 10,
  lagMs: 1,
  inputs: 12_345,
  inputsPerSecond: 4321,
  inputNs: 2500,
  riskState: 'ACTIVE',
  alerts: { INFO: 0, WARNING: 2, CRITICAL: 1, EMERGENCY: 0 },
  accounts: [{ strategy: 'microprice-maker', currency: 'USD', pnl: 3.1439, fees: 0, fills: 26 }],
  rows: [ROW],
};

export function introOf(status: () => SessionStatus): SessionIntro {
  return {
    url: 'http://127.0.0.1:8080',
    tokenFile: '.quotewright/token',
    token: 'abcdefghijklmnop',
    dir: '.quotewright/sessions/20261121T194501Z',
    status,
  };
}

import { expect, test } from 'vitest';
import type { AlertInfo } from 'quotewright/server/protocol/risk';
import { alertTypes, alertWords, openCounts, shownAlerts, typeLabel } from './alerts.ts';

const alert = (key: string, severity: AlertInfo['severity'], isAcknowledged = false): AlertInfo => ({
  key,
  severity,
  isAcknowledged,
  number: 1,
  time: '',
  timeMs: 0,
  type: severity === 'INFO' ? 'REGIME_CHANGE' : 'POSITION_WARNING',
  instrument: null,
  value: null,
  limit: null,
  detail: null,
  heldBack: 0,
  text: '',
});
const alerts = [alert('1', 'INFO'), alert('2', 'WARNING'), alert('3', 'CRITICAL', true), alert('4', 'EMERGENCY')];

test('newest first, nothing below the severity, and what is being acknowledged counts as done', () => {
  const keys = (filter: Partial<Parameters<typeof shownAlerts>[1]>, pending: string[] = []): string[] =>
    shownAlerts(alerts, { severity: 'INFO', type: undefined, isOpenOnly: false, ...filter }, new Set(pending)).map(
      ({ key }) => key,
    );
  expect(keys({})).toEqual(['4', '3', '2', '1']);
  expect(keys({ severity: 'CRITICAL' })).toEqual(['4', '3']);
  expect(keys({ type: 'REGIME_CHANGE' })).toEqual(['1']);
  expect(keys({ isOpenOnly: true }, ['2'])).toEqual(['4', '1']);
  expect(openCounts(alerts, new Set(['2']))).toEqual({ INFO: 1, WARNING: 0, CRITICAL: 0, EMERGENCY: 1 });
  expect(alertTypes(alerts)).toEqual(['POSITION_WARNING', 'REGIME_CHANGE']);
  expect(typeLabel('VAR_BREACH')).toBe('Var breach');
});

const words = (text: string, instrument: string | null, number: number | null = 1): string =>
  alertWords({ ...alert('1', 'WARNING'), text, instrument, number });

test('what an alert says is not said twice', () => {
  expect(words('WARNING POSITION_WARNING a:BTC position 1 against 2 [3 more held back] #1', 'a:BTC')).toBe(
    'position 1 against 2',
  );
  expect(words('WARNING POSITION_WARNING (MANUAL) #1', null)).toBe('(MANUAL)');
  expect(words('something else #12', null)).toBe('something else #12');
  expect(words('WARNING POSITION_WARNING', null, null)).toBe('');
});

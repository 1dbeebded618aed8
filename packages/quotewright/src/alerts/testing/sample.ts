/** For tests: alerts, as the engine raises them and as sinks get them. */
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { AlertType, Severity } from '@quotewright/core/risk/alert';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { Alert, SeverityName } from '../alert.ts';

export function sampleAlert(number: number, severity: SeverityName = 'WARNING', text = `alert ${number}`): Alert {
  return {
    number,
    time: '2026-01-05T00:00:00.000000000Z',
    type: 'POSITION_WARNING',
    severity,
    instrument: 'living:BTCUSDT',
    value: 0.9,
    limit: 1,
    detail: null,
    heldBack: 0,
    text,
  };
}

export interface RaisedAlert {
  readonly type?: AlertType;
  readonly severity?: Severity;
  readonly market?: number;
  readonly value?: number;
  readonly limit?: number;
  readonly number: number;
  readonly detail?: number;
  readonly ns?: number;
}

export function outboxOf(...alerts: readonly RaisedAlert[]): RecordQueue {
  const outbox = new RecordQueue(4);
  for (const { type = AlertType.POSITION_WARNING, severity = Severity.WARNING, market = 0, ...rest } of alerts) {
    const { value = 0.9, limit = 1, number, detail = 0, ns = number * 1e9 } = rest;
    const at = outbox.reserve();
    outbox.data.set([type, severity, ns, market, value, limit, number, detail], at);
    if (at % EVENT_STRIDE !== 0) throw new Error('a record is eight numbers');
  }
  return outbox;
}

/** From the engine's outbox to the history and the sinks: words, filters, acknowledgements, a session that is recovered. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlertType, Severity } from '@quotewright/core/risk/alert';
import { Refusal } from '@quotewright/core/trading/refusal';
import { RiskState } from '@quotewright/core/trading/risk-state';
import { describe, expect, it } from 'vitest';
import { sampleMarkets } from '../calibrate/sample-markets.ts';
import { thisProcess } from '../audit/actor.ts';
import { tempFolder } from '../data/testing/files.ts';
import { AlertCenter, type AlertCenterOptions } from './alert-center.ts';
import { queryAlerts } from './alert-history.ts';
import { sinkSettings } from './sink-settings.ts';
import { type RaisedAlert, outboxOf } from './testing/sample.ts';

const folder = tempFolder();
const instruments = sampleMarkets('BTCUSDT,ETHUSDT').map(({ instrument }) => instrument);
const [btc, eth] = instruments.map(({ venue, symbol }) => `${venue}:${symbol}`);

const open = (options: Partial<AlertCenterOptions> = {}): Promise<AlertCenter> =>
  AlertCenter.open({ instruments, epochDay: 20_458, ...options });

const noDamage = () => ({ lines: 0, first: 0 });

/** A folder with the history of such alerts. */
async function historyOf(...alerts: readonly RaisedAlert[]): Promise<string> {
  const dir = folder.fresh();
  const center = await open({ dir });
  center.drain(outboxOf(...alerts));
  expect(await center.close()).toEqual([]);
  return dir;
}

describe('alerts', () => {
  it('come in words: what, where, how much against what, and how many were held back', async () => {
    const dir = await historyOf(
      { number: 1, value: 0.85, limit: 1, detail: 7 * 65_536 },
      { number: 2, type: AlertType.RISK_STATE, market: -1, value: RiskState.HALTED, limit: RiskState.ACTIVE },
      {
        number: 3,
        type: AlertType.LIMIT_BREACH,
        market: 1,
        detail: Refusal.ORDER_SIZE,
        value: 2000,
        limit: Number.NaN,
      },
      {
        number: 4,
        type: AlertType.CIRCUIT_BREAKER_OPEN,
        severity: Severity.CRITICAL,
        detail: 3,
        value: 12.5,
        limit: 10,
      },
      { number: 5, type: AlertType.VAR_BREACH, market: -1, severity: Severity.EMERGENCY, value: 1 / 3, limit: 0.1 },
    );
    const alerts = await queryAlerts(dir, {}, noDamage());
    const refused = instruments[1]!.size.toNumber(2000);
    expect(alerts.map(({ alert }) => alert.text)).toEqual([
      `WARNING POSITION_WARNING ${btc} position 0.85 against 1 [7 more held back] #1`,
      'WARNING RISK_STATE ACTIVE → HALTED #2',
      `WARNING LIMIT_BREACH ${eth} refused an order of ${refused} (the order is too large) #3`,
      `CRITICAL CIRCUIT_BREAKER_OPEN ${btc} 12.5 against 10 (SPREAD) #4`,
      'EMERGENCY VAR_BREACH value at risk 0.333333 against 0.1 #5',
    ]);
    expect(alerts[2]!.alert).toMatchObject({
      time: '2026-01-05T00:00:03.000000000Z',
      value: refused,
      limit: null,
      instrument: eth,
    });
  });

  it('are found by type, severity and time, with who acknowledged them', async () => {
    const dir = await historyOf(
      { number: 1, severity: Severity.INFO },
      { number: 2, severity: Severity.CRITICAL },
      { number: 3, type: AlertType.CLOCK_SKEW, severity: Severity.EMERGENCY },
    );
    const center = await open({ dir });
    center.acknowledged(2, thisProcess('operator'));
    await center.close();
    const numbers = async (query: Parameters<typeof queryAlerts>[1]) =>
      (await queryAlerts(dir, query, noDamage())).map(({ alert }) => alert.number);
    expect(await numbers({ type: 'CLOCK_SKEW' })).toEqual([3]);
    expect(await numbers({ severity: 'CRITICAL' })).toEqual([2, 3]);
    expect(await numbers({ since: '2026-01-05T00:00:02' })).toEqual([2, 3]);
    const acknowledged = (await queryAlerts(dir, {}, noDamage())).map((each) => each.acknowledged?.who.role);
    expect(acknowledged).toEqual([undefined, 'operator', undefined]);
  });

  it('that a recovered session makes again are neither kept nor sent twice, new ones under an old number are', async () => {
    const dir = await historyOf({ number: 1 }, { number: 2 });
    const path = join(folder.fresh(), 'sink.jsonl');
    const center = await open({ dir, sinks: [sinkSettings.parse({ sink: 'file', path })] });
    center.drain(outboxOf({ number: 1 }, { number: 2, ns: 77e9 }, { number: 3 }));
    await center.close();
    expect((await queryAlerts(dir, {}, noDamage())).map(({ alert }) => alert.number)).toEqual([1, 2, 2, 3]);
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  it('go to the sinks that want them', async () => {
    const dir = folder.fresh();
    const path = (name: string): string => join(dir, name);
    const settings = [
      { sink: 'file', path: path('all') },
      { sink: 'file', path: path('severe'), severity: 'CRITICAL' },
      { sink: 'file', path: path('skew'), types: ['CLOCK_SKEW'] },
      { sink: 'log', to: path('text') },
      { sink: 'log', to: path('pino'), format: 'json', severity: 'EMERGENCY' },
    ];
    const center = await open({ sinks: settings.map((each) => sinkSettings.parse(each)) });
    center.drain(
      outboxOf(
        { number: 1, severity: Severity.INFO },
        { number: 2, severity: Severity.CRITICAL },
        { number: 3, type: AlertType.CLOCK_SKEW, severity: Severity.EMERGENCY },
      ),
    );
    center.raise({ type: 'SYSTEM_ERROR', severity: 'EMERGENCY', detail: 'the disk is full' }, 4e9);
    expect(center.counts).toEqual({ INFO: 1, WARNING: 0, CRITICAL: 1, EMERGENCY: 2 });
    expect(await center.close()).toEqual([]);
    const lines = (name: string): string[] => readFileSync(path(name), 'utf8').trimEnd().split('\n');
    expect(['all', 'severe', 'skew', 'text', 'pino'].map((name) => lines(name).length)).toEqual([4, 3, 1, 4, 2]);
    expect(lines('text')[3]).toBe('2026-01-05T00:00:04.000000000Z EMERGENCY SYSTEM_ERROR (the disk is full)');
    expect(JSON.parse(lines('pino')[1]!)).toMatchObject({
      level: 60,
      msg: 'EMERGENCY SYSTEM_ERROR (the disk is full)',
    });
  });

  it('survive a history that a crash cut off, and that is told', async () => {
    const dir = await historyOf({ number: 1 });
    appendFileSync(join(dir, 'alerts.jsonl'), '{"kind":"alert","num');
    const center = await open({ dir });
    center.drain(outboxOf({ number: 2 }));
    await center.close();
    const damage = noDamage();
    expect((await queryAlerts(dir, {}, damage)).map(({ alert }) => alert.number)).toEqual([1, 2]);
    expect(damage).toEqual({ lines: 1, first: 2 });
  });

  it('are not waited for when the disk is full', async () => {
    const center = await open({ sinks: [sinkSettings.parse({ sink: 'file', path: '/dev/full' })] });
    center.drain(outboxOf({ number: 1 }, { number: 2 }));
    expect(await center.close()).toEqual([expect.stringMatching(/^alerts: file 1: .* [1-9]\d* dropped$/)]);
  });

  it('say at the end what a sink has lost', async () => {
    const run = ['/nonexistent/program'];
    const center = await open({ sinks: [sinkSettings.parse({ sink: 'command', name: 'pager', run })] });
    center.drain(outboxOf({ number: 1 }, { number: 2 }));
    expect(await center.close()).toEqual(['alerts: command pager: 0 delivered, 2 failed, 0 dropped']);
  });

  it('of an unknown type or instrument are shown and not hidden', async () => {
    const dir = folder.fresh();
    writeFileSync(join(dir, 'alerts.jsonl'), '');
    const center = await open({ dir });
    const outbox = outboxOf({ number: 1, market: 9 });
    outbox.data[0] = 99;
    center.drain(outbox);
    await center.close();
    expect(await queryAlerts(dir, {}, noDamage())).toMatchObject([
      { alert: { type: 'SYSTEM_ERROR', instrument: null } },
    ]);
  });
});

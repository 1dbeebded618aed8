/** The risk file: what it gives the engine, and what it says to what it cannot use. */
import { readFileSync } from 'node:fs';
import { breakerConfig } from '@quotewright/core/risk/breaker/settings';
import { LIMITS } from '@quotewright/core/risk/limits';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { readRiskFile } from './risk-file.ts';

const folder = tempFolder();
let files = 0;
const read = (text: string) => readRiskFile(folder.write(`risk-${++files}.yaml`, text));

describe('the risk file', () => {
  it('gives limits by scope, null and 0 told apart from absent', async () => {
    const { risk } = await read(`limits:
  global: { max_order_size: 0.5, max_order_value: null, max_daily_volume: 0 }
  venues: { living: { max_gross_exposure: 1e5 } }
  instruments: { BTCUSDT: { max_position_size: 2 } }
  strategies: { 0: { daily_loss_limit: 100 } }
`);
    expect(risk.limits).toEqual({
      global: { max_order_size: 0.5, max_order_value: null, max_daily_volume: 0 },
      venues: { living: { max_gross_exposure: 1e5 } },
      instruments: { BTCUSDT: { max_position_size: 2 } },
      strategies: { 0: { daily_loss_limit: 100 } },
    });
  });

  it('gives breaker settings, durations in nanoseconds', async () => {
    const { risk } = await read(
      'breaker: { move1m: 0.02, spreadRatio: null, cooldown: 30s, disconnect: 0, canaryShare: 0.2 }',
    );
    expect(risk.breaker).toEqual({
      move1m: 0.02,
      spreadRatio: null,
      cooldownNs: 30e9,
      disconnectNs: 0,
      canaryShare: 0.2,
    });
  });

  it('gives currency, rates, the start of the day, and how often alerts are repeated', async () => {
    const { risk } = await read(`currency: USDT
rates: { EUR: 1.1 }
dayStart: 08:30
alerts: { throttle: 10s, throttles: { BOOK_STALE: 0 } }
`);
    expect(risk.gate).toEqual({ currency: 'USDT', rates: { EUR: 1.1 }, dayStartNs: 8.5 * 3600e9 });
    expect(risk.alerts).toEqual({ defaultThrottleNs: 10e9, throttleNs: { BOOK_STALE: 0 } });
  });

  it('gives the parameters of the hedger, all of them, and how value at risk is worked out', async () => {
    const { hedge, var: found } = await read(
      'hedge: { threshold: 2, band: cost }\nvar: { method: monte-carlo, every: 30s }',
    );
    expect(hedge).toMatchObject({ threshold: 2, band: 'cost', passive: 2 });
    expect(found).toMatchObject({ method: 'monte-carlo', everyNs: 30e9, window: 500 });
    expect(await read('limits: {}')).toEqual({
      risk: { limits: {}, gate: {}, alerts: {} },
      sinks: [],
      journalLagMs: 1000,
    });
  });

  it('gives what is watched beside the engine', async () => {
    const found = await read('alerts: { quoteUptime: { share: 0.9 }, journalLag: 50ms }');
    expect(found).toMatchObject({ quoteUptime: { share: 0.9, windowNs: 600e9 }, journalLagMs: 50 });
  });

  it('without a file has the defaults, and as none has no limit that is not null and no threshold', async () => {
    expect(await readRiskFile(undefined)).toEqual({ risk: {}, sinks: [], journalLagMs: 1000 });
    const { risk } = await readRiskFile('none');
    const values = risk.limits?.global ?? {};
    for (const { name, preset } of LIMITS) expect(name in values ? values[name] : preset, name).toBeNull();
    expect(breakerConfig(risk.breaker ?? {}).move1m).toBe(Number.POSITIVE_INFINITY);
  });

  it('gives the sinks with their defaults', async () => {
    const { sinks } = await read(`alerts:
  sinks:
    - { sink: webhook, url: 'https://example.com/hook', secret: { env: HOOK }, severity: CRITICAL }
    - { sink: command, run: [logger], timeout: 2s }
`);
    expect(sinks).toEqual([
      expect.objectContaining({
        sink: 'webhook',
        severity: 'CRITICAL',
        timeout: 5e9,
        backoff: 5e8,
        attempts: 8,
        queue: 1000,
      }),
      expect.objectContaining({ sink: 'command', severity: 'INFO', timeout: 2e9, parallel: 1 }),
    ]);
  });

  it('that is the example can be used as it is', async () => {
    const path = new URL('../../../../examples/risk.yaml', import.meta.url).pathname;
    const { risk } = await readRiskFile(path);
    // It shows every limit, so that nobody has to look for the name of one.
    for (const { name } of LIMITS) expect(readFileSync(path, 'utf8'), name).toContain(`${name}:`);
    expect(risk.limits?.global).toBeDefined();
  });

  it.each([
    ['', 'found nothing, expected settings by name'],
    ['limits', 'found string, expected settings by name'],
    ['limits: [1]', 'limits: found a list, expected settings by name'],
    ['limit: {}', "found 'limit', expected currency, rates, dayStart, limits, breaker, hedge, var, alerts"],
    [
      'limits: { global: { max_order_size: big } }',
      "limits.global.max_order_size: found 'big', expected a number from 0, or null",
    ],
    ['limits: { global: { max_order_size: -1 } }', 'limits.global.max_order_size: found -1, expected a number from 0'],
    [
      'limits: { global: { max_order_size: .nan } }',
      'limits.global.max_order_size: found NaN, expected a number from 0',
    ],
    [
      'limits: { global: { max_order_size: .inf } }',
      'limits.global.max_order_size: found Infinity, expected a number from 0',
    ],
    ['limits: { global: { max_order_size: "1" } }', "limits.global.max_order_size: found '1', expected a number"],
    ['limits: { global: { max_ordersize: 1 } }', "limits.global: found 'max_ordersize', expected max_position_size"],
    [
      'limits: { instruments: { X: { max_net_exposure: 1 } } }',
      "limits.instruments.X: found 'max_net_exposure', expected",
    ],
    ['limits: { strategies: { hedger: {} } }', 'limits.strategies.hedger'],
    ['breaker: { move1m: 2 }', 'breaker.move1m: found 2, expected a number above 0 to 1, or null for never'],
    ['breaker: { cooldown: 5 }', 'breaker.cooldown: found 5, expected a duration above 0s'],
    ['breaker: { cooldown: null }', 'breaker.cooldown: found null, expected a duration above 0s'],
    ['breaker: { cooldown: soon }', 'breaker.cooldown: found'],
    ['dayStart: 8', "dayStart: found 8, expected a time of day in UTC such as '08:00'"],
    ['dayStart: "24:00"', "dayStart: found '24:00', expected a time of day"],
    ['rates: { BTC: 0 }', 'rates.BTC: found 0, expected a number above 0'],
    ['alerts: { throttle: often }', 'alerts.throttle: found'],
    ['alerts: { throttles: { LOUD: 1s } }', 'alerts.throttles'],
    ['hedge: { treshold: 1 }', 'hedge: parameter treshold: hedger has none of this name'],
    ['hedge: { band: wide }', "hedge: parameter band: found 'wide', expected one of fixed, cost"],
    ['var: { method: guess }', "var.method: found 'guess', expected one of historical"],
    ['alerts: { quoteUptime: { share: 2 } }', 'alerts.quoteUptime.share: found 2, expected a share above 0 to 1'],
    ['breaker: { release: 0.9 }', 'release 0.9 is not below canaryTightness 0.75'],
    ['alerts: { sinks: [{ sink: pigeon }] }', 'alerts.sinks.0.sink: expected log, file, webhook or command'],
    ['alerts: { sinks: [{ sink: webhook, url: "ftp://x" }] }', 'alerts.sinks.0.url: expected an address'],
    ['alerts: { sinks: [{ sink: webhook, url: "https://u:p@x" }] }', 'alerts.sinks.0.url: expected an address'],
    ['alerts: { sinks: [{ sink: file }] }', 'alerts.sinks.0.path: found nothing, expected a file'],
    [
      'alerts: { sinks: [{ sink: log, colour: red }] }',
      "alerts.sinks.0: found 'colour', expected sink, name, severity",
    ],
    ['alerts: { sinks: [{ sink: command, run: [] }] }', 'alerts.sinks.0.run: found an empty list, expected a program'],
    ['alerts: { sinks: [{ sink: command, run: ls }] }', "alerts.sinks.0.run: found 'ls', expected a list"],
    [
      'alerts: { sinks: [{ sink: command, run: [x], parallel: 0 }] }',
      'parallel: found 0, expected a whole number from 1 to 16',
    ],
    ['alerts: { sinks: [{ sink: log, severity: LOUD }] }', 'alerts.sinks.0.severity: expected a severity: INFO'],
    ['alerts: { sinks: [{ sink: log, types: [X] }] }', 'alerts.sinks.0.types.0: expected a type of alert'],
    ['\u0000', 'risk-'],
    ['limits: {', 'risk-'],
  ])('that is %j says in one line: %s', async (text, words) => {
    const fault = await read(text).catch((error: unknown) => error);
    expect(String(fault)).toContain(words);
    expect(String(fault).split('\n')).toHaveLength(1);
    expect(String(fault)).toMatch(/^InputError: .*risk-\d+\.yaml: /);
  });

  it('never tells a secret that somebody wrote into it', async () => {
    const text = 'alerts: { sinks: [{ sink: webhook, url: "https://example.com", secret: hunter2-hunter2 }] }';
    const fault = String(await read(text).catch((error: unknown) => error));
    expect(fault).toContain('secrets do not stand in a config');
    expect(fault).not.toContain('hunter2');
  });

  it('that is not there is named', async () => {
    await expect(readRiskFile('/nonexistent/risk.yaml')).rejects.toThrow('/nonexistent/risk.yaml');
  });
});

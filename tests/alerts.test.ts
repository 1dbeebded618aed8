/** Alerts end to end: from a limit that is reached in a run to a webhook, a program, files, and `quotewright alerts`. */
import { createHmac } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertSchema } from '../packages/quotewright/src/alerts/alert.ts';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { SIMULATE, quotewright } from './support/command.ts';
import { receiver, start } from './support/session.ts';

const folder = tempFolder();
const RUN = [...SIMULATE, '--strategy', 'basic-maker', '--duration', '1m', '--json'];
const SECRET = 'the-secret-of-the-webhook';

/** Every order is too large. */
function riskFile(sinks: readonly unknown[]): string {
  const settings = { limits: { global: { max_order_size: 0.001 } }, alerts: { throttle: '5s', sinks } };
  return folder.write('risk.yaml', JSON.stringify(settings));
}

const numbersOf = (lines: string): unknown[] =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => alertSchema.parse(JSON.parse(line)).number);

describe('alerts of a run', () => {
  it('reach a webhook that fails at first, a program, and files, once each and in order', async () => {
    const { url, received } = await receiver(500, 500, 500, 200);
    const [file, seen] = [join(folder.fresh(), 'sink.jsonl'), join(folder.fresh(), 'seen.jsonl')];
    const run = ['sh', '-c', `cat >> '${seen}'`];
    const risk = riskFile([
      { sink: 'webhook', url: `${url}/hook`, secret: { env: 'HOOK' }, backoff: '1ms' },
      { sink: 'command', run },
      { sink: 'file', path: file },
    ]);
    const dir = folder.fresh();
    const { status, stderr } = await start([...RUN, '--risk', risk, '--journal', dir], { HOOK: SECRET }).ended;
    expect(status).toBe(0);
    expect(stderr).toMatch(/^basic-maker has no order in .* refused by max_order_size .*\n$/);

    const listed = quotewright('alerts', 'list', dir, '--json');
    const numbers = numbersOf(listed.stdout);
    expect(numbers.length).toBeGreaterThan(5);
    expect(numbersOf(readFileSync(file, 'utf8'))).toEqual(numbers);
    expect(numbersOf(readFileSync(seen, 'utf8'))).toEqual(numbers);
    // The first message was refused three times.
    expect(
      numbersOf(
        received
          .slice(3)
          .map(({ body }) => body)
          .join('\n'),
      ),
    ).toEqual(numbers);
    for (const { body, signature } of received) {
      const [, time = '', mac] = /^t=(\d+),v1=(\w+)$/.exec(signature) ?? [];
      expect(mac).toBe(createHmac('sha256', SECRET).update(`${time}.${body}`).digest('hex'));
    }

    const held = quotewright('alerts', 'list', dir, '--type', 'limit_breach', '--severity', 'warning').stdout;
    expect(held).toMatch(
      /WARNING LIMIT_BREACH living:BTCUSDT refused an order of .* \(the order is too large\) \[\d+ more held back\]/,
    );
    expect(quotewright('alerts', 'list', dir, '--severity', 'EMERGENCY').stdout).toBe('');
    expect(quotewright('alerts', 'list', dir, '--since', '2027-01-01').stdout).toBe('');
  });

  it('begin no session when a sink cannot be: the field is named, and with another risk file the folder is as good as new', () => {
    const file = join(folder.fresh(), 'none', 'sink.jsonl');
    const begin = (sink: unknown) => {
      const risk = riskFile([sink]);
      return quotewright(...RUN, '--duration', '1s', '--risk', risk, '--journal', dir);
    };
    const dir = join(folder.fresh(), 'session');
    for (const [sink, message] of [
      [{ sink: 'file', path: file }, `alerts.sinks.0.path: ENOENT: no such file or directory, open '${file}'`],
      [{ sink: 'log', to: file }, `alerts.sinks.0.to: ENOENT: no such file or directory, open '${file}'`],
      [
        { sink: 'webhook', url: { env: 'NOT_THERE' } },
        'alerts.sinks.0.url: found nothing in variable NOT_THERE, expected a secret of six characters or more',
      ],
    ] as const) {
      const { status, stderr } = begin(sink);
      expect([status, stderr]).toEqual([2, `quotewright: ${message}\n`]);
      expect(readdirSync(dir)).toEqual(['audit']);
    }
    expect(begin({ sink: 'log', to: 'stderr' }).status).toBe(0);
  });

  it('leave a run as it is when their sinks are dead, slow or hang, and the losses are told', async () => {
    const { url } = await receiver(0);
    const risk = riskFile([
      { sink: 'webhook', name: 'silent', url, queue: 5, timeout: '60s' },
      { sink: 'webhook', name: 'gone', url: 'http://127.0.0.1:1', backoff: '1ms', attempts: 2 },
      { sink: 'command', name: 'hangs', run: ['sleep', '600'], queue: 3, timeout: '60s' },
      { sink: 'command', name: 'absent', run: ['/nonexistent/program'] },
    ]);
    const { status, stdout, stderr } = await start([...RUN, '--risk', risk]).ended;
    const plain = quotewright(...RUN, '--risk', riskFile([]));
    expect([status, stdout]).toEqual([0, plain.stdout]);
    const lines = stderr
      .trimEnd()
      .split('\n')
      .filter((line) => line.startsWith('alerts:'));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^alerts: webhook silent: 0 delivered, 1 failed, \d+ dropped$/);
    expect(lines[1]).toMatch(/^alerts: webhook gone: 0 delivered, \d+ failed, 0 dropped$/);
    expect(lines[2]).toMatch(/^alerts: command hangs: 0 delivered, 1 failed, \d+ dropped$/);
    expect(lines[3]).toMatch(/^alerts: command absent: 0 delivered, \d+ failed, 0 dropped$/);
  });

  it('tell that quotes no longer stand, after the volume of the day is used up', async () => {
    const limits = { global: { max_daily_volume: 0.5 } };
    const alerts = { quoteUptime: { share: 0.9, window: '20s' } };
    const [risk, dir] = [folder.write('uptime.yaml', JSON.stringify({ limits, alerts })), folder.fresh()];
    const run = quotewright(...SIMULATE, '--strategy', 'grid', '--duration', '10m', '--risk', risk, '--journal', dir);
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(/^grid has no order in .* refused by max_daily_volume .*\n$/);
    const { stdout } = quotewright('alerts', 'list', dir);
    expect(stdout).toMatch(/WARNING LIMIT_BREACH .*the volume of the day would be too large at worst/);
    expect(stdout).toMatch(
      /WARNING QUOTE_UPTIME living:BTCUSDT quoted on both sides \S+ of the time against 0.9 of the time\n/,
    );
  });

  it.each([
    [['list', folder.path], 'found no alerts.jsonl, expected the folder of a session'],
    [['list', folder.path, '--type', 'LOUD'], 'expected one of POSITION_WARNING'],
    [['list', folder.path, '--severity', 'LOUD'], 'expected one of INFO'],
    [['list', folder.path, '--since', 'yesterday'], 'expected an ISO time'],
    [['ack', folder.path, '0'], 'expected the number of an alert'],
    [['ack', '/nonexistent', '1'], '/nonexistent: found nothing, expected the folder of a session'],
  ] as const)('say in one line what is wrong with %j, and exit 2', (args, words) => {
    const { status, stdout, stderr } = quotewright('alerts', ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

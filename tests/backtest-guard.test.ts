/** `quotewright backtest --guard`, which finds strategies that know the future, and Ctrl-C, which leaves a valid part of a result. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData, tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { CHILD_ENV, MAIN, quotewright } from './support/command.ts';
import { generatedFeed } from './support/feed-generator.ts';

const folder = tempFolder();

/** Buys before the price rises: it looks at the rows that the driver has read ahead, by way of the array that takes them in. */
const PEEKING = `
const ahead = [];
const { set } = Float64Array.prototype;
Float64Array.prototype.set = function (from, at) {
  if (from.length >= 8 && from.length % 8 === 0) {
    for (let i = 0; i < from.length; i += 8) if ((from[i] & 0xff) === 2) ahead.push([from[i + 2], from[i + 3]]);
  }
  return set.call(this, from, at);
};
export default {
  name: 'peeking', description: '', params: {},
  create(ctx) {
    ahead.length = 0;
    let next = 0;
    return { onBook(market) {
      if (!market.isReady) return;
      while (next < ahead.length && ahead[next][0] <= ctx.nowNs) next++;
      const later = ahead[next + 3];
      const quotes = ctx.quote(market);
      if (later !== undefined && later[1] > market.askTicks) quotes.bid(market.bidTicks, 1);
      else quotes.ask(market.askTicks, 1);
    } };
  },
};`;

/** Opens the recording itself. */
const READING = `
import { readFileSync } from 'node:fs';
export default {
  name: 'reading', description: '', params: {},
  create(ctx) {
    const future = readFileSync(process.argv.at(-2)).length;
    return { onBook: (market) => market.isReady && ctx.quote(market).bid(market.bidTicks, 1 + (future % 2)) };
  },
};`;

const HONEST = `
export default {
  name: 'honest', description: '', params: {},
  create: (ctx) => ({ onStart: () => process.stderr.write('started\\n'), onBook: (market) => market.isReady && ctx.quote(market).bid(market.bidTicks, 1) }),
};`;

const TOUCH = `
export default {
  name: 'touch', description: '', params: {},
  create: (ctx) => ({ onBook: (market) => market.isReady && ctx.quote(market).bid(market.bidTicks, 1).ask(market.askTicks, 1) }),
};`;

const guard = (strategy: string, ...data: readonly string[]) =>
  quotewright('backtest', strategy, '--data', ...data.map(sharedData), '--guard');

const USDM = 'binance_ws/usdm_btcusdt_20240718.gz';

describe('--guard', () => {
  it.each(['basic-maker', 'avellaneda-stoikov', 'glft', 'microprice-maker'])('passes %s', (strategy) => {
    const { status, stdout, stderr } = guard(strategy, USDM);
    expect(stderr).toBe('');
    expect(stdout.match(/requests before it, the same without what follows/g)).toHaveLength(6);
    expect(stdout).toContain('The strategy does not look ahead.');
    expect(status).toBe(0);
  });

  it('passes a strategy that learns of its fills before it sees the print', () => {
    // The feed is at least 2 ms late, reports are 1 ms late.
    const steps = ['--tick', '0.1', '--lot', '0.001'];
    const touch = folder.write('touch.mjs', TOUCH);
    const { status, stdout } = quotewright('backtest', touch, '--data', generatedFeed(200_000, 2), ...steps, '--guard');
    expect(stdout).toContain('The strategy does not look ahead.');
    expect(status).toBe(0);
  });

  it('finds a strategy that looks at what the driver has read ahead', () => {
    const { status, stdout } = guard(folder.write('peeking.mjs', PEEKING), USDM);
    expect(stdout).toContain('NOT THE SAME without what follows');
    expect(stdout).not.toContain('does not look ahead');
    expect(status).toBe(1);
  });

  it('finds a strategy that could read the recording itself', () => {
    const { status, stdout } = guard(folder.write('reading.mjs', READING), USDM);
    expect(stdout).toContain('the strategy imports node:fs: what it learns there is NOT CUT');
    expect(status).toBe(1);
  });

  it('proves nothing of a strategy that sends nothing, and says so', () => {
    const idle = folder.write(
      'idle.mjs',
      "export default { name: 'idle', description: '', params: {}, create: () => ({}) };",
    );
    const { status, stderr } = guard(idle, USDM);
    expect(stderr).toContain('sends nothing, so nothing is proved');
    expect(status).toBe(2);
  });
});

describe('Ctrl-C', () => {
  it('ends the run with a result of what was played so far, in all its files', async () => {
    const out = join(folder.path, 'stopped');
    const args = ['backtest', folder.write('honest.mjs', HONEST), '--data', generatedFeed(5_000_000), '--tick', '0.1'];
    const child = spawn(process.execPath, [MAIN, ...args, '--lot', '0.001', '--out', out, '--json'], {
      env: CHILD_ENV,
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    // The strategy says when it starts; the rows still to come take seconds.
    await once(child.stderr, 'data');
    child.stderr.resume();
    child.kill('SIGINT');
    const [status] = await once(child, 'close');
    expect(status).toBe(130);
    expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe(printed);
    const { isPartial, rows, warnings, runs } = runResult.parse(JSON.parse(printed));
    expect(isPartial).toBe(true);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(4_000_000);
    expect(warnings.join('\n')).toContain('stopped before the end of the data');
    expect(runs.modelled.markets).toHaveLength(1);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('</html>');
  });
});

/** The command: what it is given, and what becomes of programs that hang, fail or do not exist. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Redactor } from '../audit/redactor.ts';
import { tempFolder } from '../data/testing/files.ts';
import { type CommandOptions, CommandSink } from './command-sink.ts';
import { sampleAlert } from './testing/sample.ts';

const folder = tempFolder();
const AMPLE_MS = 10_000;

function sinkOf(script: string, options: Partial<CommandOptions> = {}): CommandSink {
  return new CommandSink({
    name: 'command test',
    run: [process.execPath, '-e', script],
    timeoutMs: AMPLE_MS,
    parallel: 2,
    queue: 10,
    environment: process.env,
    redactor: new Redactor(),
    ...options,
  });
}

describe('the command', () => {
  it('reads the alert as a line of JSON', async () => {
    const path = join(folder.path, 'seen');
    const sink = sinkOf(`fs.appendFileSync(${JSON.stringify(path)}, fs.readFileSync(0))`, { parallel: 1 });
    sink.send(sampleAlert(1));
    sink.send(sampleAlert(2, 'INFO', 'ünï→'));
    await sink.close(AMPLE_MS);
    expect(sink.counts).toEqual({ delivered: 2, failed: 0, retried: 0, dropped: 0 });
    const lines: unknown[] = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([sampleAlert(1), sampleAlert(2, 'INFO', 'ünï→')]);
  });

  it('kills a program that hangs, with what it has started, and runs no more at once than allowed', async () => {
    const path = join(folder.path, 'pids');
    const hang = ['sh', '-c', `sleep 1000 & echo $$ $! >> ${JSON.stringify(path)}; wait`];
    const sink = sinkOf('', { run: hang, timeoutMs: 700, parallel: 2, queue: 2 });
    for (let i = 1; i <= 50; i++) sink.send(sampleAlert(i));
    expect(sink.counts.dropped).toBe(46);
    await sink.close(AMPLE_MS);
    expect(sink.counts).toEqual({ delivered: 0, failed: 4, retried: 0, dropped: 46 });
    for (const pid of readFileSync(path, 'utf8').trim().split(/\s+/)) {
      await vi.waitUntil(() => !isRunning(Number(pid)), { timeout: 60_000 });
    }
  });

  it('ends with the session although a program hangs', async () => {
    const sink = sinkOf('setInterval(() => {}, 1e6)', { parallel: 1 });
    for (let i = 1; i <= 3; i++) sink.send(sampleAlert(i));
    await sink.close(50);
    expect(sink.counts).toEqual({ delivered: 0, failed: 1, retried: 0, dropped: 2 });
  });

  it.each([
    ['fails', 'process.exit(3)', undefined],
    ['does not read', 'process.exit(3)', undefined],
    ['does not exist', '', ['/nonexistent/program']],
    ['may not be run', '', [folder.write('plain', 'text')]],
  ] as const)('counts a program that %s', async (_, script, run) => {
    const sink = sinkOf(script, run === undefined ? {} : { run });
    sink.send(sampleAlert(1, 'INFO', 'x'.repeat(1e6)));
    await sink.close(AMPLE_MS);
    expect(sink.counts).toEqual({ delivered: 0, failed: 1, retried: 0, dropped: 0 });
  });
});

/** False also for one that has ended and that nobody has asked about yet. */
function isRunning(pid: number): boolean {
  try {
    const [, state] = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

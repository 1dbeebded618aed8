import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

/** Places a thread of its own, so that the test's own stays where it is, and answers what it says. */
async function place(name: string, cpu: number | undefined): Promise<{ complaint: string; tasks: string[] }> {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData.path).then(async ({ placeThread }) => {
       parentPort.postMessage(await placeThread(workerData.name, workerData.cpu));
       parentPort.once('message', () => process.exit());
     });`,
    { eval: true, workerData: { path: new URL('pinning.ts', import.meta.url).href, name, cpu } },
  );
  try {
    const complaint = await new Promise<string>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    // What the system says of the threads of this process: its name, and where it may run.
    const tasks = readdirSync('/proc/self/task').map((id) => readFileSync(`/proc/self/task/${id}/status`, 'utf8'));
    return { complaint, tasks };
  } finally {
    await worker.terminate();
  }
}

describe.runIf(process.platform === 'linux')('placeThread', () => {
  it('names the thread and binds it to one processor', async () => {
    const cpu = availableParallelism() - 1;
    const { complaint, tasks } = await place('qw-feed-ünïcode-long', cpu);
    expect(complaint).toBe('');
    const own = tasks.filter((status) => status.startsWith('Name:\tqw-feed'));
    expect(own).toHaveLength(1);
    expect(own[0]).toMatch(new RegExp(`Cpus_allowed_list:\\t${cpu}\\n`, 'u'));
  });

  it('says which processor there is not, and names the thread all the same', async () => {
    const { complaint, tasks } = await place('qw-none', 4096);
    expect(complaint).toBe(`thread qw-none: not bound to processor 4096: there are ${availableParallelism()}, from 0`);
    expect(tasks.some((status) => status.startsWith('Name:\tqw-none\n'))).toBe(true);
  });
});

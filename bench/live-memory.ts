/**
 * Memory of a process that trades: `live-world.ts`, as the launcher starts what runs for weeks, without the packages of the other benchmarks.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORLD = fileURLToPath(import.meta.resolve('./live-world.js'));
const FLAGS = ['--expose-gc', '--max-semi-space-size=8'];

export function benchLiveMemory(): unknown {
  const said = execFileSync(process.execPath, [...FLAGS, WORLD], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(said);
}

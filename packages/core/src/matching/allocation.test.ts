import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const child = fileURLToPath(new URL('./testing/allocation-child.ts', import.meta.url));

/** Lines that V8 printed about collections within the measured part: one million operations after a warm-up. */
function collections(mode: string): string[] {
  // A young generation of 1 MiB: a single byte per operation would show.
  const flags = ['--trace-gc', '--min-semi-space-size=1', '--max-semi-space-size=1', '-C', 'source'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, child, mode], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.split('\n');
  const begin = lines.indexOf('MEASURED PART BEGINS');
  const end = lines.indexOf('MEASURED PART ENDS');
  expect(begin >= 0 && end > begin).toBe(true);
  return lines.slice(begin, end).filter((line) => /Scavenge|Mark-Compact|Minor/.test(line));
}

test('a million plain operations after a warm-up allocate nothing that V8 would have to collect', () => {
  expect(collections('plain')).toEqual([]);
});

test('this would be seen if each of them left a small object behind', () => {
  expect(collections('control').length).toBeGreaterThan(10);
});

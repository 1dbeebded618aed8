/**
 * The order-flow workloads with known answers: built from the generator in ../shared/workloads (plain C++, so g++ is needed)
 * into .cache/, once. Their results are compared with the expected ones before any time is believed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Workload {
  readonly name: string;
  /** op, id, side, price, qty of each operation. */
  readonly ops: Int32Array;
  readonly count: number;
  readonly expected: Readonly<Record<string, number | string>>;
}

const SHARED = '../shared/workloads';
const CACHE = '.cache/workloads';
const SIZES = { mix: 5_000_000, cross: 3_000_000, deep: 4_000_000 } as const;

/** @throws Error when the generator is not there, or does not build */
export function loadWorkload(name: keyof typeof SIZES): Workload {
  const source = join(SHARED, 'gen_ops.cpp');
  if (!existsSync(source)) throw new Error(`bench: ${source} is not there: the workloads cannot be made`);
  mkdirSync(CACHE, { recursive: true });
  const generator = join(CACHE, 'gen_ops');
  if (!existsSync(generator)) execFileSync('g++', ['-O2', '-std=c++17', '-o', generator, source]);
  const out = join(CACHE, name);
  if (!existsSync(`${out}.bin`)) execFileSync(generator, [name, String(SIZES[name]), out]);
  const bytes = readFileSync(`${out}.bin`);
  const ops = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const answers: Record<string, Workload['expected']> = JSON.parse(readFileSync(join(SHARED, 'expected.json'), 'utf8'));
  return { name, ops, count: ops.length / 5, expected: answers[name]! };
}

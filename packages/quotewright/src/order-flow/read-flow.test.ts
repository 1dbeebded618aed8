import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { generateFlow } from './generate-flow.ts';
import { FLOW_STRIDE, readFlow } from './read-flow.ts';

const folder = mkdtempSync(join(tmpdir(), 'flow-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array): Promise<number[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const values: number[] = [];
  for await (const { ops, length } of readFlow(path)) {
    for (const value of ops.subarray(0, length * FLOW_STRIDE)) values.push(value);
  }
  return values;
}

describe('order-flow files', () => {
  it('reads CSV with and without its header line, and with carriage returns', async () => {
    const rows = '0,7,1,-5,100\r\n1,7,1,-5,0\n2,8,0,2147483647,1';
    const values = [0, 7, 1, -5, 100, 1, 7, 1, -5, 0, 2, 8, 0, 2_147_483_647, 1];
    expect(await read('a.csv', rows)).toEqual(values);
    expect(await read('b.csv', `op,id,side,price,qty\n${rows}\n`)).toEqual(values);
  });

  it('reads int32 records, plain and compressed, over batch bounds, as it reads the same as CSV', async () => {
    const count = 70_000;
    const ops = new Int32Array(count * FLOW_STRIDE);
    for (const batch of generateFlow(count, 3)) {
      ops.set(batch.ops.subarray(0, batch.length * FLOW_STRIDE), (batch.first - 1) * FLOW_STRIDE);
    }
    const bytes = new Uint8Array(ops.buffer);
    const lines: string[] = [];
    for (let at = 0; at < ops.length; at += FLOW_STRIDE) lines.push(ops.subarray(at, at + FLOW_STRIDE).join(','));
    const expected = Array.from(ops);
    expect(await read('c.bin', bytes)).toEqual(expected);
    expect(await read('d.bin', gzipSync(bytes))).toEqual(expected);
    expect(await read('e.csv', lines.join('\n'))).toEqual(expected);
  });

  it.each([
    ['op', '3,1,0,5,5', "2: found '3,1,0,5,5', expected op 0, 1 or 2"],
    ['side', '0,1,2,5,5', 'expected side 0 or 1'],
    ['quantity', '0,1,0,5,0', 'expected a qty above 0'],
    ['negative quantity', '2,1,0,5,-4', 'expected a qty above 0'],
    ['missing field', '0,1,0,5', 'expected int32 op,id,side,price,qty'],
    ['field too many', '0,1,0,5,5,5', 'expected int32 op,id,side,price,qty'],
    ['fraction', '0,1,0,5.5,5', 'expected int32 op,id,side,price,qty'],
    ['not a number', '0,1,0,NaN,5', 'expected int32 op,id,side,price,qty'],
    ['beyond int32', '0,1,0,2147483648,5', 'expected int32 op,id,side,price,qty'],
    ['blank line', '', 'expected int32 op,id,side,price,qty'],
    ['Unicode', '0,１,0,5,5', 'expected int32 op,id,side,price,qty'],
  ])('names the line of a bad %s', async (_, row, message) => {
    await expect(read('bad.csv', `0,9,0,1,1\n${row}\n0,10,0,1,1`)).rejects.toThrow(/bad\.csv:2: /);
    await expect(read('bad.csv', `0,9,0,1,1\n${row}\n0,10,0,1,1`)).rejects.toThrow(message);
  });

  it('says where a cut-off record is', async () => {
    await expect(read('cut.bin', new Uint8Array(50))).rejects.toThrow(/cut\.bin:1: .*qty above 0/);
    const ops = Int32Array.of(0, 1, 0, 5, 5, 0, 2, 0, 5, 5);
    const bytes = new Uint8Array(ops.buffer).subarray(0, 33);
    await expect(read('cut.bin', bytes)).rejects.toThrow('record 2 is cut off: found 13 of 20 bytes');
  });
});

/**
 * Order-flow files for the matching engine: CSV lines `op,id,side,price,qty` (with or without that header line), or the same as
 * little-endian int32×5 (`.bin`), told apart by content. op 0 adds a GTC limit order, 1 cancels, 2 adds an IOC limit order; side 0
 * buys, 1 sells; price and qty are whole ticks and lots. Plain, gzip, zstd, xz or zip.
 */
import { NumericRow, asciiAt } from '../data/csv.ts';
import { LineReader } from '../data/lines.ts';
import { InputError } from '../data/report.ts';
import { type Source, openSource, readHead } from '../data/source.ts';

export const FlowOp = { ADD: 0, CANCEL: 1, ADD_IOC: 2 } as const;

/** Int32 values of one operation, in this order: op, id, side, price, qty. */
export const FLOW_STRIDE = 5;
const FIELD_NAMES = ['op', 'id', 'side', 'price', 'qty'] as const;
const RECORD_BYTES = FLOW_STRIDE * 4;
/** Operations of a batch. */
export const BATCH_OPS = 65_536;
const MAX_INT32 = 2 ** 31 - 1;

/** Operations of a file, valid until the next batch is asked for. */
export interface FlowBatch {
  readonly ops: Int32Array;
  /** Operations in it. */
  readonly length: number;
  /** Line (CSV) or record (binary) of the first one, from 1; the others follow it one by one. */
  readonly first: number;
}

/** @throws InputError at the first operation that is not one, naming its line or record */
export async function* readFlow(path: string): AsyncGenerator<FlowBatch, void, undefined> {
  const head = await readHead(path);
  const source = await openSource(path);
  // Text of digits, commas and an optional header; the int32 records have zero bytes from the start.
  if (head.bytes.subarray(0, 1024).includes(0)) yield* binaryBatches(source);
  else yield* csvBatches(source);
}

async function* binaryBatches(source: Source): AsyncGenerator<FlowBatch, void, undefined> {
  const ops = new Int32Array(BATCH_OPS * FLOW_STRIDE);
  const bytes = new Uint8Array(ops.buffer);
  let held = 0;
  let first = 1;
  for await (const chunk of source.chunks()) {
    for (let from = 0; from < chunk.length;) {
      const taken = Math.min(bytes.length - held, chunk.length - from);
      bytes.set(chunk.subarray(from, from + taken), held);
      held += taken;
      from += taken;
      if (held < bytes.length) continue;
      yield checked(source.path, { ops, length: BATCH_OPS, first });
      first += BATCH_OPS;
      held = 0;
    }
  }
  const length = Math.floor(held / RECORD_BYTES);
  if (length > 0) yield checked(source.path, { ops, length, first });
  if (held % RECORD_BYTES !== 0) {
    const found = held % RECORD_BYTES;
    throw new InputError(
      `${source.path}: record ${first + length} is cut off: found ${found} of ${RECORD_BYTES} bytes`,
    );
  }
}

async function* csvBatches(source: Source): AsyncGenerator<FlowBatch, void, undefined> {
  const ops = new Int32Array(BATCH_OPS * FLOW_STRIDE);
  const row = new NumericRow(FLOW_STRIDE);
  let length = 0;
  let first = 1;
  for await (const { bytes, start, end, firstLine } of new LineReader(source).blocks()) {
    let line = firstLine;
    for (let at = start; at < end; line++) {
      const from = at;
      at = row.decode(bytes, from, end);
      if (line === 1 && asciiAt(bytes, from, row.end).startsWith(FIELD_NAMES[0])) {
        first = 2;
        continue;
      }
      for (let i = 0; i < FLOW_STRIDE; i++) {
        const value = row.values[i]!;
        if (row.count !== FLOW_STRIDE || row.places[i] !== 0 || Math.abs(value) > MAX_INT32) {
          const found = asciiAt(bytes, from, Math.min(row.end, from + 100)).trimEnd();
          throw new InputError(`${source.path}:${line}: found '${found}', expected int32 ${FIELD_NAMES.join(',')}`);
        }
        ops[length * FLOW_STRIDE + i] = value;
      }
      if (++length < BATCH_OPS) continue;
      yield checked(source.path, { ops, length, first });
      first += length;
      length = 0;
    }
  }
  if (length > 0) yield checked(source.path, { ops, length, first });
}

/** The batch, if every operation in it is one. */
function checked(path: string, batch: FlowBatch): FlowBatch {
  const { ops, length, first } = batch;
  for (let i = 0; i < length; i++) {
    const at = i * FLOW_STRIDE;
    const op = ops[at]!;
    const isOp = op >= FlowOp.ADD && op <= FlowOp.ADD_IOC;
    const isSide = ops[at + 2] === 0 || ops[at + 2] === 1;
    if (isOp && isSide && (op === FlowOp.CANCEL || ops[at + 4]! > 0)) continue;
    const found = Array.from(ops.subarray(at, at + FLOW_STRIDE)).join(',');
    const expected = !isOp ? 'op 0, 1 or 2' : !isSide ? 'side 0 or 1' : 'a qty above 0';
    throw new InputError(`${path}:${first + i}: found '${found}', expected ${expected}`);
  }
  return batch;
}

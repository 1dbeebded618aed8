/**
 * hftbacktest's event array: 64-byte little-endian records
 * `ev u64, exch_ts i64, local_ts i64, px f64, qty f64, order_id u64, ival i64, fval f64`.
 * Source: hftbacktest's types (event_dtype) and its documentation of the data format.
 */

export const ROW_BYTES = 64;

/** 64-bit fields of a record, by offset. */
export const HftField = { EV: 0, EXCH_TS: 1, LOCAL_TS: 2, PX: 3, QTY: 4, ORDER_ID: 5, IVAL: 6, FVAL: 7 } as const;

/** Low byte of `ev`. */
export const HftKind = {
  /** qty is the level's new size. */
  DEPTH: 1,
  TRADE: 2,
  /** Empties a side from the touch out to px; both sides wholly when the row has no side. */
  DEPTH_CLEAR: 3,
  /** A level of a snapshot. */
  DEPTH_SNAPSHOT: 4,
  /** Best bid or offer. */
  DEPTH_BBO: 5,
  ADD_ORDER: 10,
  CANCEL_ORDER: 11,
  MODIFY_ORDER: 12,
  /** A notice: the change of the book follows as CANCEL or MODIFY (Databento's rule, whose converter writes these). */
  FILL: 13,
} as const;

/** Bits of the low 32 of `ev`; as int32, so EXCH is the sign bit. */
export const HftFlag = {
  /** The venue's side of the simulation sees the row, at exch_ts. */
  EXCH: 1 << 31,
  /** The trader's side sees it, at local_ts. */
  LOCAL: 1 << 30,
  BUY: 1 << 29,
  SELL: 1 << 28,
} as const;

const FIELDS = [
  ['ev', '<u8'],
  ['exch_ts', '<i8'],
  ['local_ts', '<i8'],
  ['px', '<f8'],
  ['qty', '<f8'],
  ['order_id', '<u8'],
  ['ival', '<i8'],
  ['fval', '<f8'],
] as const;

/** The dtype as numpy writes it into a header. */
const DESCR = `[${FIELDS.map(([name, type]) => `('${name}', '${type}')`).join(', ')}]`;

const MAGIC = '\u0093NUMPY';
/** numpy leaves room for a row count of 21 digits, so a header's length does not depend on the count. */
const COUNT_DIGITS = 21;

/** A version 1.0 header, byte for byte as numpy writes it. */
export function npyHeader(rows: number): Buffer {
  const dictionary = `{'descr': ${DESCR}, 'fortran_order': False, 'shape': (${rows},), }`;
  const grown = dictionary + ' '.repeat(COUNT_DIGITS - String(rows).length);
  const padding = 64 - ((MAGIC.length + 4 + grown.length + 1) % 64);
  const text = `${grown}${' '.repeat(padding)}\n`;
  const header = Buffer.from(`${MAGIC}\u0001\u0000\u0000\u0000${text}`, 'latin1');
  header.writeUInt16LE(text.length, MAGIC.length + 2);
  return header;
}

/** What a file starts with: the bytes to pass over, and the rows that must follow; NaN rows when it does not say. */
export interface HftStart {
  readonly headerBytes: number;
  readonly rows: number;
}

/** Reads the start of a `.npy` file, or of a raw file of records. Answers what is wrong with it as text. */
export function readStart(head: Uint8Array): HftStart | string {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1');
  if (!text.startsWith(MAGIC)) return { headerBytes: 0, rows: Number.NaN };
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const isWide = head[MAGIC.length]! >= 2;
  const prefix = MAGIC.length + (isWide ? 6 : 4);
  if (head.length < prefix) return 'the npy header is cut off';
  const length = isWide ? view.getUint32(MAGIC.length + 2, true) : view.getUint16(MAGIC.length + 2, true);
  const header = text.slice(prefix, prefix + length);
  if (header.length < length) return 'the npy header is cut off';
  // Spaces within the dtype differ between numpy and other writers.
  const compact = header.replaceAll(/\s/g, '');
  if (!compact.includes(DESCR.replaceAll(' ', ''))) {
    return `dtype: found ${/'descr':(.*?),'fortran/.exec(compact)?.[1]?.slice(0, 200) ?? 'none'}, expected ${DESCR}`;
  }
  const shape = /'shape':\((\d+),\)/.exec(compact);
  if (shape === null) return `shape: found ${/'shape':(\(.*?\))/.exec(compact)?.[1] ?? 'none'}, expected one dimension`;
  return { headerBytes: prefix + length, rows: Number(shape[1]) };
}

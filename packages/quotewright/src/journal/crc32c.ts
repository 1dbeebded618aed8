/**
 * CRC-32C (Castagnoli; polynomial 0x1EDC6F41, reflected 0x82F63B78, initial and final value all ones): the checksum of the
 * journal's frames. It finds every flip of up to three bits in a frame of the journal's size and every burst of up to 32 bits.
 * Check value: "123456789" gives 0xE3069283.
 *
 * Sixteen bytes a step over 32-bit words, each byte through a table of its own ("slicing-by-16", Kounavis and Berry, 2005); the
 * tables lie in one array, which V8 reads faster than sixteen.
 */

const REFLECTED = 0x82f63b78;
const SLICES = 16;
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ REFLECTED;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256]!;
    tables[at] = (before >>> 8) ^ tables[before & 0xff]!;
  }
  return tables;
}

/** Of `bytes[start, end)`. Words are read as they lie in memory: for machines of little-endian order, as all are that run Node. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let at = start;
  // Up to the first word's boundary, then words, then the rest.
  while (at < end && ((bytes.byteOffset + at) & 3) !== 0) crc = step(crc, bytes[at++]!);
  const count = ((end - at) >> 4) << 2;
  if (count > 0) {
    crc = crcOfWords(new Int32Array(bytes.buffer, bytes.byteOffset + at, count), crc);
    at += count * 4;
  }
  while (at < end) crc = step(crc, bytes[at++]!);
  return (crc ^ -1) >>> 0;
}

function step(crc: number, byte: number): number {
  return (crc >>> 8) ^ TABLES[(crc ^ byte) & 0xff]!;
}

/** A multiple of four words. */
function crcOfWords(words: Int32Array, start: number): number {
  const t = TABLES;
  let crc = start;
  for (let i = 0; i < words.length; i += 4) {
    const a = words[i]! ^ crc;
    const b = words[i + 1]!;
    const c = words[i + 2]!;
    const d = words[i + 3]!;
    crc =
      t[3840 + (a & 0xff)]! ^
      t[3584 + ((a >>> 8) & 0xff)]! ^
      t[3328 + ((a >>> 16) & 0xff)]! ^
      t[3072 + (a >>> 24)]! ^
      t[2816 + (b & 0xff)]! ^
      t[2560 + ((b >>> 8) & 0xff)]! ^
      t[2304 + ((b >>> 16) & 0xff)]! ^
      t[2048 + (b >>> 24)]! ^
      t[1792 + (c & 0xff)]! ^
      t[1536 + ((c >>> 8) & 0xff)]! ^
      t[1280 + ((c >>> 16) & 0xff)]! ^
      t[1024 + (c >>> 24)]! ^
      t[768 + (d & 0xff)]! ^
      t[512 + ((d >>> 8) & 0xff)]! ^
      t[256 + ((d >>> 16) & 0xff)]! ^
      t[d >>> 24]!;
  }
  return crc;
}

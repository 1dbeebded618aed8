/**
 * Reads a client's MessagePack: the part that JSON can say too (nil, booleans, numbers, strings, arrays, maps with string keys), and no
 * extensions. Whoever can connect can send it, before any token: what it costs is bounded by its bytes, whatever lengths they announce.
 * (A general library makes an array of the length that five bytes ask for, and builds regular expressions and errors on request.)
 *
 * Format: https://github.com/msgpack/msgpack/blob/master/spec.md
 */

/** A message is a map with a list of maps. */
const MAX_DEPTH = 8;

/** One value and nothing after it. @throws Error when it is none of these, or is cut off */
export function decodeMessagePack(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new RangeError('bytes after the value');
  return value;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new RangeError('too deep');
    const type = this.#view.getUint8(this.#skip(1));
    if (type <= 0x7f) return type;
    if (type <= 0x8f) return this.#map(type & 0x0f, depth);
    if (type <= 0x9f) return this.#array(type & 0x0f, depth);
    if (type <= 0xbf) return this.#text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    return this.#long(type, depth);
  }

  /** What says its length, or the width of its number, in the byte of its type. */
  #long(type: number, depth: number): unknown {
    const view = this.#view;
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return view.getFloat32(this.#skip(4));
      case 0xcb:
        return view.getFloat64(this.#skip(8));
      case 0xcc:
        return view.getUint8(this.#skip(1));
      case 0xcd:
        return view.getUint16(this.#skip(2));
      case 0xce:
        return view.getUint32(this.#skip(4));
      case 0xcf:
        return Number(view.getBigUint64(this.#skip(8)));
      case 0xd0:
        return view.getInt8(this.#skip(1));
      case 0xd1:
        return view.getInt16(this.#skip(2));
      case 0xd2:
        return view.getInt32(this.#skip(4));
      case 0xd3:
        return Number(view.getBigInt64(this.#skip(8)));
      case 0xd9:
        return this.#text(view.getUint8(this.#skip(1)));
      case 0xda:
        return this.#text(view.getUint16(this.#skip(2)));
      case 0xdb:
        return this.#text(view.getUint32(this.#skip(4)));
      case 0xdc:
        return this.#array(view.getUint16(this.#skip(2)), depth);
      case 0xdd:
        return this.#array(view.getUint32(this.#skip(4)), depth);
      case 0xde:
        return this.#map(view.getUint16(this.#skip(2)), depth);
      case 0xdf:
        return this.#map(view.getUint32(this.#skip(4)), depth);
      default:
        throw new RangeError('bytes or an extension');
    }
  }

  /** Elements are read one by one: a length that is not there ends at the last byte. */
  #array(length: number, depth: number): unknown[] {
    const items: unknown[] = [];
    for (let i = 0; i < length; i++) items.push(this.value(depth + 1));
    return items;
  }

  /** A key such as `__proto__` is one like any other. */
  #map(length: number, depth: number): object {
    const entries: [string, unknown][] = [];
    for (let i = 0; i < length; i++) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw new RangeError('a key that is no string');
      entries.push([key, this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #text(length: number): string {
    const from = this.#skip(length);
    return utf8.decode(this.#bytes.subarray(from, from + length));
  }

  /** @returns where the bytes begin */
  #skip(count: number): number {
    const from = this.#at;
    if (from + count > this.#bytes.length) throw new RangeError('the value is cut off');
    this.#at = from + count;
    return from;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

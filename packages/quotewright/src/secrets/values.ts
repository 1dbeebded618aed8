/** The values of one key by field, as the bytes that an entry of the vault seals: for each, lengths and bytes of its name and its value. */

export type SecretValues = ReadonlyMap<string, Buffer>;

/** The caller overwrites what it gets. */
export function packValues(values: SecretValues): Buffer {
  let length = 0;
  for (const [name, value] of values) length += 4 + Buffer.byteLength(name) + 4 + value.length;
  const bytes = Buffer.alloc(length);
  let at = 0;
  for (const [name, value] of values) {
    at = bytes.writeUInt32LE(Buffer.byteLength(name), at);
    at += bytes.write(name, at);
    at = bytes.writeUInt32LE(value.length, at);
    at += value.copy(bytes, at);
  }
  return bytes;
}

/** Copies; `bytes` may be overwritten afterwards. They are authentic: nobody but `packValues` has made them. */
export function unpackValues(bytes: Buffer): Map<string, Buffer> {
  const values = new Map<string, Buffer>();
  const part = (at: number): Buffer => bytes.subarray(at + 4, at + 4 + bytes.readUInt32LE(at));
  for (let at = 0; at < bytes.length;) {
    const name = part(at);
    at += 4 + name.length;
    const value = part(at);
    at += 4 + value.length;
    // Its own memory, not a part of Node's pool, so that nothing else shares what is to be overwritten.
    const copy = Buffer.alloc(value.length);
    value.copy(copy);
    values.set(name.toString(), copy);
  }
  return values;
}

export function wipeValues(values: SecretValues): void {
  for (const value of values.values()) value.fill(0);
}

/**
 * The vault's file: JSON of one shape and one spelling, so that every byte of it counts.
 *
 *     { "quotewright": "vault", "version": 1, "kdf": {…}, "salt": …, "entries": [{ "nonce": …, "data": … }, …], "index": { "nonce": …, "data": … } }
 *
 * An entry holds the values of one key. The index holds the names of all, and binds everything else in the file: what is changed, left
 * out, exchanged or added anywhere makes it unreadable. Without the password the file tells how many entries there are, and no more.
 * AES-256-GCM (NIST SP 800-38D), nonces of 96 random bits, a tag of 128 bits behind the data.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { SALT_BYTES, kdfSchema } from './kdf.ts';

export const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A file beyond this is none of ours. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

const sealedSchema = z.strictObject({ nonce: z.base64(), data: z.base64() });
export type Sealed = z.output<typeof sealedSchema>;

const fileSchema = z.strictObject({
  quotewright: z.literal('vault'),
  version: z.literal(VERSION),
  kdf: kdfSchema,
  salt: z.base64(),
  entries: z.array(sealedSchema).max(1000),
  index: sealedSchema,
});
export type VaultFile = z.output<typeof fileSchema>;
/** What is bound to every secret of the file. */
export type VaultHead = Pick<VaultFile, 'version' | 'kdf' | 'salt'>;

export function fileText(file: VaultFile): string {
  return `${JSON.stringify(file, undefined, 1)}\n`;
}

/** Undefined when it is no vault of this version in its one spelling. */
export function parseFile(bytes: Buffer): VaultFile | undefined {
  if (bytes.length > MAX_FILE_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  const file = fileSchema.safeParse(value);
  if (!file.success) return undefined;
  const { salt, entries, index } = file.data;
  const isSound =
    bytesOf(salt).length === SALT_BYTES &&
    [...entries, index].every(
      ({ nonce, data }) => bytesOf(nonce).length === NONCE_BYTES && bytesOf(data).length >= TAG_BYTES,
    );
  return isSound && Buffer.from(fileText(respelled(file.data))).equals(bytes) ? file.data : undefined;
}

/** @param bound what must be the same when it is opened */
export function seal(key: Uint8Array, plain: Uint8Array, bound: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(bound));
  const data = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64'), data: data.toString('base64') };
}

/** Undefined when key, data or what is bound are not those it was sealed with. The caller overwrites what it gets. */
export function unseal(key: Uint8Array, { nonce, data }: Sealed, bound: string): Buffer | undefined {
  const bytes = bytesOf(data);
  const decipher = createDecipheriv('aes-256-gcm', key, bytesOf(nonce), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plain = decipher.update(bytes.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return undefined;
  }
}

export function boundToEntry({ version, kdf, salt }: VaultHead, name: string): string {
  return JSON.stringify(['entry', version, kdf, salt, name]);
}

export function boundToIndex({ version, kdf, salt }: VaultHead, entries: readonly Sealed[]): string {
  return JSON.stringify(['index', version, kdf, salt, entries]);
}

/** Base64 has several spellings of the same bytes; ours is Node's. */
function respelled(file: VaultFile): VaultFile {
  const sealed = ({ nonce, data }: Sealed): Sealed => ({ nonce: again(nonce), data: again(data) });
  const { quotewright, version, kdf, salt, entries, index } = file;
  return { quotewright, version, kdf, salt: again(salt), entries: entries.map(sealed), index: sealed(index) };
}

function again(text: string): string {
  return bytesOf(text).toString('base64');
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

/**
 * The vault of a user's keys: names in the index, values sealed one by one, so that of many keys only the one that is asked for comes
 * into memory. Several processes may use it at once: each change begins with what is on the disk, under a lock.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { z } from 'zod';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { attemptsPath, clearAttempts, noteAttempt, waitMs } from './attempts.ts';
import { type Kdf, SALT_BYTES, START, derive, tuned } from './kdf.ts';
import { type SecretValues, packValues, unpackValues } from './values.ts';
import {
  type Sealed,
  type VaultFile,
  type VaultHead,
  VERSION,
  boundToEntry,
  boundToIndex,
  fileText,
  parseFile,
  seal,
  unseal,
} from './vault-format.ts';
import { folderNotice, narrow, readVaultBytes, replaceVault, whileVaultLocked } from './vault-place.ts';

/** A guess takes at least so long on the machine that made the vault. */
const DERIVATION_MS = 250;
const KEY_BYTES = 32;
const MAX_VALUE_BYTES = 64 * 1024;
const MAX_NAME = 64;

const entrySchema = z.strictObject({
  name: z.string(),
  /** Of which venue the key is. */
  venue: z.string(),
  fields: z.array(z.string()),
  createdMs: z.int(),
  /** When its values were last replaced; as `createdMs` when never. */
  rotatedMs: z.int(),
});
export type VaultEntry = z.output<typeof entrySchema>;
const indexSchema = z.array(entrySchema);

export interface VaultOptions {
  /** What a person should know: a mode that was narrowed, a wait. */
  readonly tell?: (text: string) => void;
  readonly nowMs?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** What the vault holds, by entry: its facts, and its values as they are sealed. */
interface Held {
  readonly entry: VaultEntry;
  readonly sealed: Sealed;
}

export class Vault {
  readonly path: string;
  #head: VaultHead;
  /** One for entries, one for the index. */
  #keys: Buffer;
  #held: readonly Held[];

  private constructor(path: string, head: VaultHead, keys: Buffer, held: readonly Held[]) {
    this.path = path;
    this.#head = head;
    this.#keys = keys;
    this.#held = held;
  }

  /**
   * A new one, on the disk when this returns.
   * @param kdf what the key shall cost; default: tuned here, which takes a second or two
   * @throws InputError when there is one
   */
  static create(path: string, password: Uint8Array, kdf: Kdf = tuned(DERIVATION_MS)): Vault {
    const { head, keys } = newHead(password, kdf);
    return whileVaultLocked(path, () => {
      if (readVaultBytes(path) !== undefined) throw new InputError(`${path}: is there already`);
      const vault = new Vault(path, head, keys, []);
      vault.#write([]);
      clearAttempts(path);
      return vault;
    });
  }

  /**
   * @throws InputError when there is none; and one and the same when the password is wrong and when the file is not as it was written,
   *   after the same work
   */
  static async open(path: string, password: Uint8Array, options: VaultOptions = {}): Promise<Vault> {
    const { tell = () => {}, nowMs = Date.now, sleep = sleepFor } = options;
    if (readVaultBytes(path) === undefined) throw new InputError(noVault(path));
    for (const notice of [narrow(path), folderNotice(path)]) if (notice !== '') tell(notice);
    if (!isWritable(dirname(path))) return Vault.#try(path, password);
    for (;;) {
      const found = whileVaultLocked(path, () => {
        const wait = waitMs(path, nowMs());
        if (wait > 0) return wait;
        noteAttempt(path, nowMs());
        const vault = Vault.#try(path, password);
        clearAttempts(path);
        return vault;
      });
      if (typeof found !== 'number') return found;
      tell(
        `${path}: attempts have failed, or it is not known how many: the next one in ${Math.ceil(found / 1000)} s (${attemptsPath(path)})`,
      );
      await sleep(found);
    }
  }

  static #try(path: string, password: Uint8Array): Vault {
    const bytes = readVaultBytes(path);
    if (bytes === undefined) throw new InputError(noVault(path));
    const file = parseFile(bytes);
    // The same work for a file that is none, so that time does not tell what is wrong.
    const keys = derived(path, password, saltOf(file), file?.kdf ?? START);
    const held = file === undefined ? undefined : heldOf(file, keys);
    if (file !== undefined && held !== undefined) return new Vault(path, headOf(file), keys, held);
    keys.fill(0);
    throw new InputError(`${path}: the password is wrong, or the file is damaged`);
  }

  /** By name. */
  entries(): VaultEntry[] {
    return this.#held.map(({ entry }) => entry).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  entry(name: string): VaultEntry | undefined {
    return this.#held.find(({ entry }) => entry.name === name)?.entry;
  }

  /** @throws InputError when there is no such entry */
  entryOf(name: string): VaultEntry {
    const entry = this.entry(name);
    if (entry === undefined) throw new InputError(this.#unknown(name));
    return entry;
  }

  /** The values of an entry; the caller overwrites them. @throws InputError when there is no such entry */
  values(name: string): Map<string, Buffer> {
    const held = this.#held.find(({ entry }) => entry.name === name);
    if (held === undefined) throw new InputError(this.#unknown(name));
    const plain = unseal(this.#entryKey, held.sealed, boundToEntry(this.#head, name));
    // The index binds it, so that only a program that wrote another name with it could have done this.
    if (plain === undefined) throw new InputError(`${this.path}: entry '${name}' is damaged`);
    const values = unpackValues(plain);
    plain.fill(0);
    return values;
  }

  /** Adds an entry. @throws InputError when there is one, or name or values are none that a vault holds */
  add(entry: Omit<VaultEntry, 'fields'>, values: SecretValues): void {
    const { name } = entry;
    checkName(name);
    this.#change((held) => {
      if (held.some((each) => each.entry.name === name)) {
        throw new InputError(`${this.path}: '${name}' is there already; 'quotewright secrets rotate' replaces it`);
      }
      return [...held, this.#sealed({ ...entry, fields: [...values.keys()] }, values)];
    });
  }

  /** Replaces the values of an entry. @throws InputError when there is none */
  rotate(name: string, values: SecretValues, nowMs: number): void {
    this.#change((held) => {
      if (!held.some(({ entry }) => entry.name === name)) throw new InputError(this.#unknown(name));
      return held.map((each) =>
        each.entry.name === name
          ? this.#sealed({ ...each.entry, fields: [...values.keys()], rotatedMs: nowMs }, values)
          : each,
      );
    });
  }

  /** @throws InputError when there is no such entry */
  remove(name: string): void {
    this.#change((held) => {
      const left = held.filter(({ entry }) => entry.name !== name);
      if (left.length === held.length) throw new InputError(this.#unknown(name));
      return left;
    });
  }

  /** Another master password: everything is sealed anew under it. */
  changePassword(password: Uint8Array, kdf: Kdf = tuned(DERIVATION_MS)): void {
    const next = newHead(password, kdf);
    whileVaultLocked(this.path, () => {
      this.#refresh();
      const plain = this.#held.map(({ entry }) => ({ entry, values: this.values(entry.name) }));
      this.#keys.fill(0);
      this.#head = next.head;
      this.#keys = next.keys;
      this.#write(
        plain.map(({ entry, values }) => {
          const held = this.#sealed(entry, values);
          for (const value of values.values()) value.fill(0);
          return held;
        }),
      );
    });
  }

  /** Overwrites its keys: it cannot be used any more. */
  close(): void {
    this.#keys.fill(0);
    this.#held = [];
  }

  get #entryKey(): Buffer {
    return this.#keys.subarray(0, KEY_BYTES);
  }

  #sealed(entry: VaultEntry, values: SecretValues): Held {
    for (const [field, value] of values) {
      if (value.length > 0 && value.length <= MAX_VALUE_BYTES) continue;
      throw new InputError(`${entry.name}: ${field}: found ${value.length} bytes, expected 1 to ${MAX_VALUE_BYTES}`);
    }
    const plain = packValues(values);
    const sealed = seal(this.#entryKey, plain, boundToEntry(this.#head, entry.name));
    plain.fill(0);
    return { entry, sealed };
  }

  #change(work: (held: readonly Held[]) => readonly Held[]): void {
    whileVaultLocked(this.path, () => {
      this.#refresh();
      this.#write(work(this.#held));
    });
  }

  /** What another process has changed since. */
  #refresh(): void {
    const bytes = readVaultBytes(this.path);
    if (bytes === undefined) throw new InputError(noVault(this.path));
    const file = parseFile(bytes);
    const held = file === undefined || file.salt !== this.#head.salt ? undefined : heldOf(file, this.#keys);
    if (held === undefined)
      throw new InputError(
        `${this.path}: was changed meanwhile, and has another password or is damaged; nothing was written`,
      );
    this.#held = held;
  }

  #write(held: readonly Held[]): void {
    const entries = held.map(({ sealed }) => sealed);
    const plain = Buffer.from(JSON.stringify(held.map(({ entry }) => entry)));
    const index = seal(this.#keys.subarray(KEY_BYTES), plain, boundToIndex(this.#head, entries));
    const { version, kdf, salt } = this.#head;
    replaceVault(this.path, fileText({ quotewright: 'vault', version, kdf, salt, entries, index }));
    this.#held = held;
  }

  #unknown(name: string): string {
    const names = this.entries().map((entry) => entry.name);
    return `${this.path}: found no '${name}', expected ${names.length === 0 ? 'an entry; it has none' : `one of ${names.join(', ')}`}`;
  }
}

export function noVault(path: string): string {
  return `${path}: there is no vault; 'quotewright secrets set' makes one`;
}

/** @throws InputError when an entry cannot be called so */
export function checkName(name: string): void {
  if (name.length <= MAX_NAME && /^[\p{L}\p{N}\p{M}._@+-]+$/u.test(name) && name === name.normalize('NFC')) return;
  throw new InputError(
    `name of an entry: found ${JSON.stringify(name.slice(0, 80))}, expected 1 to ${MAX_NAME} letters, digits and . _ @ + -`,
  );
}

function newHead(password: Uint8Array, kdf: Kdf): { head: VaultHead; keys: Buffer } {
  const salt = randomBytes(SALT_BYTES);
  return { head: { version: VERSION, kdf, salt: salt.toString('base64') }, keys: derive(password, salt, kdf) };
}

function headOf({ version, kdf, salt }: VaultFile): VaultHead {
  return { version, kdf, salt };
}

function saltOf(file: VaultFile | undefined): Buffer {
  return file === undefined ? Buffer.alloc(SALT_BYTES) : Buffer.from(file.salt, 'base64');
}

/** Undefined when the keys are not those of the file, or it is not as it was written. */
function heldOf(file: VaultFile, keys: Buffer): Held[] | undefined {
  const plain = unseal(keys.subarray(KEY_BYTES), file.index, boundToIndex(headOf(file), file.entries));
  if (plain === undefined) return undefined;
  const index = indexSchema.parse(JSON.parse(plain.toString()));
  return index.length === file.entries.length
    ? index.map((entry, i) => ({ entry, sealed: file.entries[i]! }))
    : undefined;
}

/** @throws InputError when this machine cannot, as it has too little memory */
function derived(path: string, password: Uint8Array, salt: Buffer, kdf: Kdf): Buffer {
  try {
    return derive(password, salt, kdf);
  } catch (error) {
    throw new InputError(`${path}: its key cannot be worked out here: ${reasonOf(error)}`);
  }
}

/** A vault that is mounted for reading only keeps no attempts. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

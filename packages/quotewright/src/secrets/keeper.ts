/** What a user does with the vault: makes it, opens it, puts keys into it, takes them to another machine. */
import { existsSync } from 'node:fs';
import { AuditLog } from '../audit/audit-log.ts';
import { InputError } from '../data/report.ts';
import type { Home } from '../home/home.ts';
import type { Venue } from '../venues/contract/venue.ts';
import { checkValues } from './credentials.ts';
import { holdKeys } from './held-keys.ts';
import type { Kdf } from './kdf.ts';
import { PASSWORD_FILE, SHORTEST_PASSWORD, masterPassword } from './master-password.ts';
import { linesOfPem, secretFile } from './outside-values.ts';
import type { Questions } from './questions.ts';
import { wipeValues } from './values.ts';
import { Vault, noVault } from './vault.ts';
import { readVaultBytes, vaultPath } from './vault-place.ts';

/** Variables that name files with passwords, for who has nobody to ask. */
export const NEW_PASSWORD_FILE = 'QUOTEWRIGHT_VAULT_NEW_PASSWORD_FILE';
export const EXPORT_PASSWORD_FILE = 'QUOTEWRIGHT_EXPORT_PASSWORD_FILE';

export interface KeeperOptions {
  readonly home: Home;
  readonly environment: NodeJS.ProcessEnv;
  readonly questions: Questions;
  readonly tell: (text: string) => void;
  /** What keys of new vaults cost; default: tuned here. */
  readonly kdf?: Kdf;
}

export class Keeper {
  readonly path: string;
  readonly #options: KeeperOptions;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.path = vaultPath(options.home);
  }

  /** @throws InputError as `Vault.open` */
  async open(): Promise<Vault> {
    return this.#openAt(this.path, PASSWORD_FILE, 'password of the vault');
  }

  /** The vault, which is made when there is none. @throws InputError */
  async openOrCreate(): Promise<Vault> {
    if (readVaultBytes(this.path) !== undefined) return this.open();
    const vault = await this.#createAt(this.path, PASSWORD_FILE, 'password of the new vault');
    this.#options.tell(`${this.path}: made. Nobody can open it without its password`);
    this.#note('vault.created', this.path);
    return vault;
  }

  /**
   * Adds a key whose values are asked for.
   * @param files by field: the file that holds it, instead of a question
   */
  async add(name: string, venue: Venue, files: ReadonlyMap<string, string>): Promise<void> {
    const vault = await this.openOrCreate();
    if (vault.entry(name) !== undefined) {
      throw new InputError(
        `${this.path}: '${name}' is there already; 'quotewright secrets rotate ${name}' replaces it`,
      );
    }
    const values = await this.#values(venue, files);
    const nowMs = Date.now();
    vault.add({ name, venue: venue.name, createdMs: nowMs, rotatedMs: nowMs }, values);
    wipeValues(values);
    this.#note('secret.set', `${name} (${venue.name})`);
  }

  /** Replaces the values of a key. @param venueOf finds the venue that the entry is of */
  async rotate(name: string, venueOf: (name: string) => Venue, files: ReadonlyMap<string, string>): Promise<void> {
    const vault = await this.open();
    const entry = vault.entryOf(name);
    const values = await this.#values(venueOf(entry.venue), files);
    vault.rotate(name, values, Date.now());
    wipeValues(values);
    this.#note('secret.rotate', `${name} (${entry.venue})`);
  }

  async remove(name: string): Promise<void> {
    const vault = await this.open();
    const { venue } = vault.entryOf(name);
    vault.remove(name);
    this.#note('secret.remove', `${name} (${venue})`);
  }

  async changePassword(): Promise<void> {
    const vault = await this.open();
    const password = await this.#newPassword('new password of the vault', NEW_PASSWORD_FILE);
    vault.changePassword(password, this.#options.kdf);
    password.fill(0);
    this.#note('vault.password', this.path);
  }

  /** Keys in a vault of its own, for another machine. @param names empty: all. Answers how many */
  async exportTo(path: string, names: readonly string[]): Promise<number> {
    if (existsSync(path)) throw new InputError(`${path}: is there already`);
    const vault = await this.open();
    const entries = names.length === 0 ? vault.entries() : names.map((name) => vault.entryOf(name));
    if (entries.length === 0) throw new InputError(`${this.path}: has no entries`);
    const other = await this.#createAt(path, EXPORT_PASSWORD_FILE, 'password of the exported file');
    this.#copy(
      vault,
      other,
      entries.map(({ name }) => name),
    );
    this.#note('secret.export', entries.map(({ name }) => name).join(', '));
    return entries.length;
  }

  /** Takes the keys of an exported file. @throws InputError when one is here already: then none is taken */
  async importFrom(path: string): Promise<string[]> {
    if (readVaultBytes(path) === undefined)
      throw new InputError(`${path}: is not there, expected a file of 'quotewright secrets export'`);
    const vault = await this.openOrCreate();
    const other = await this.#openAt(path, EXPORT_PASSWORD_FILE, `password of ${path}`);
    const names = other.entries().map(({ name }) => name);
    const known = names.filter((name) => vault.entry(name) !== undefined);
    if (known.length > 0) throw new InputError(`${this.path}: ${known.join(', ')}: there already; remove or rotate`);
    this.#copy(other, vault, names);
    this.#note('secret.import', names.join(', '));
    return names;
  }

  #copy(from: Vault, to: Vault, names: readonly string[]): void {
    for (const name of names) {
      const values = from.values(name);
      to.add(from.entryOf(name), values);
      wipeValues(values);
    }
  }

  async #openAt(path: string, variable: string, what: string): Promise<Vault> {
    if (readVaultBytes(path) === undefined) throw new InputError(noVault(path));
    const { environment, questions, tell } = this.#options;
    const password = await masterPassword(environment, () => questions.ask(what), variable, tell);
    try {
      return held(await Vault.open(path, password, { tell }));
    } finally {
      password.fill(0);
    }
  }

  async #createAt(path: string, variable: string, what: string): Promise<Vault> {
    const password = await this.#newPassword(what, variable);
    try {
      return held(Vault.create(path, password, this.#options.kdf));
    } finally {
      password.fill(0);
    }
  }

  async #newPassword(what: string, variable: string): Promise<Buffer> {
    const { environment, questions, tell } = this.#options;
    const password = await masterPassword(environment, () => questions.ask(what, passwordFault), variable, tell);
    const fault = passwordFault(password.toString());
    if (fault !== '') throw new InputError(`${what}: found ${password.length} bytes, expected ${fault}`);
    if ((environment[variable] ?? '') !== '') return password;
    const again = await masterPassword({}, () => questions.ask(`${what}, again`));
    if (!again.equals(password)) throw new InputError(`${what}: found another one the second time`);
    again.fill(0);
    return password;
  }

  async #values(venue: Venue, files: ReadonlyMap<string, string>): Promise<Map<string, Buffer>> {
    const names = venue.credentials.map(({ name }) => name);
    for (const field of files.keys()) {
      if (!names.includes(field))
        throw new InputError(`--field: found '${field}', expected one of ${venue.name}: ${names.join(', ')}`);
    }
    const values = new Map<string, Buffer>();
    for (const { name, label, isOptional, check } of venue.credentials) {
      const path = files.get(name);
      const value =
        path === undefined ? Buffer.from(await this.#answer(venue, label, isOptional, check)) : fileValue(name, path);
      if (value.length > 0) values.set(name, value);
    }
    checkValues(venue.credentials, values, venue.name);
    return values;
  }

  async #answer(venue: Venue, label: string, isOptional: boolean, check: (value: string) => string): Promise<string> {
    const what = `${venue.title}: ${label}${isOptional ? ' (or nothing)' : ''}`;
    return this.#options.questions.ask(what, (value) => (isOptional && value === '' ? '' : check(value)));
  }

  #note(what: string, subject: string): void {
    new AuditLog({ dir: this.#options.home.dir, role: 'quotewright secrets' }).note({ what, subject });
  }
}

function held(vault: Vault): Vault {
  holdKeys({ wipe: () => vault.close() });
  return vault;
}

function passwordFault(password: string): string {
  return password.length >= SHORTEST_PASSWORD ? '' : `${SHORTEST_PASSWORD} characters or more`;
}

function fileValue(field: string, path: string): Buffer {
  const value = secretFile(path);
  if (value === undefined || value.length === 0)
    throw new InputError(`--field ${field}: found ${value === undefined ? 'no file' : 'nothing in'} ${path}`);
  return linesOfPem(value);
}

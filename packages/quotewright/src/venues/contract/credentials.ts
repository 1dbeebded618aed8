/** A venue's key: what it consists of, and its values as bytes that are overwritten when they are not needed any more. */

export interface CredentialField {
  /** `key`, `secret`, `passphrase`, `privateKey`, … as options and environment variables name it. */
  readonly name: string;
  /** For a person who is asked for it. */
  readonly label: string;
  readonly isSecret: boolean;
  readonly isOptional: boolean;
  /** What was expected; empty = it can be one. Never repeats the value. */
  readonly check: (value: string) => string;
}

export type CredentialShape = readonly CredentialField[];

export class Credentials {
  readonly #values: ReadonlyMap<string, Buffer>;

  /** Takes the buffers over. */
  constructor(values: ReadonlyMap<string, Buffer>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The bytes themselves, not to be kept. @throws RangeError when there is no such field */
  bytes(name: string): Buffer {
    const value = this.#values.get(name);
    if (value === undefined) throw new RangeError(`credentials have no '${name}'`);
    return value;
  }

  /** Overwrites everything. */
  wipe(): void {
    for (const value of this.#values.values()) value.fill(0);
  }
}

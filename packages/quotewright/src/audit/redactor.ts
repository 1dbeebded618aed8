/**
 * Keeps secrets out of every output: values that are known (keys, passwords, webhook addresses, registered when they are read) are
 * struck out wherever they stand, also in the shapes in which outputs write them; and whatever stands under a name that tells of a
 * secret is struck out although its value is not known.
 */

export const REDACTED = '[redacted]';

/** Shorter values would strike out innocent text; nothing so short guards anything. */
const SHORTEST = 6;

/** Names of fields that hold secrets, as venues, libraries and people write them. */
const SECRET_NAME =
  /^(.*[-_.])?(secret|token|password|passwd|passphrase|pwd|api[-_]?key|private[-_]?key|signing[-_]?key|credentials?|authorization|cookie)s?$|(secret|password|passphrase|apikey|privatekey|accesstoken|authtoken)(key)?$/i;

export class Redactor {
  /** Longest first, so that a secret that holds another is struck out whole. */
  #shapes: string[] = [];
  /** The same of secrets that are kept as bytes, which a dump of the heap does not show and which can be overwritten. */
  #bytes: Buffer[] = [];

  /** From now on the value is struck out. Values below six characters are not secrets. */
  register(secret: string): void {
    if (secret.length < SHORTEST) return;
    const bytes = Buffer.from(secret);
    const json = JSON.stringify(secret).slice(1, -1);
    const shapes = [
      secret,
      json,
      // A line of JSON inside a line of JSON.
      JSON.stringify(json).slice(1, -1),
      encodeURIComponent(secret),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ];
    this.#shapes = [...new Set([...this.#shapes, ...shapes])].toSorted((a, b) => b.length - a.length);
  }

  /** The same for a secret that must not stay in memory as text: it is kept as bytes, until `forget`. */
  registerBytes(secret: Buffer): void {
    if (secret.length < SHORTEST) return;
    const text = secret.toString();
    // A key of several lines may come out line by line.
    if (text.includes('\n'))
      for (const line of text.split('\n')) if (isKeyLine(line)) this.registerBytes(Buffer.from(line));
    const json = JSON.stringify(text).slice(1, -1);
    const shapes = [Buffer.from(secret), Buffer.from(json), Buffer.from(JSON.stringify(json).slice(1, -1))];
    shapes.push(Buffer.from(encodeURIComponent(text.toWellFormed())));
    for (const encoding of ['base64', 'base64url', 'hex'] as const) shapes.push(Buffer.from(secret.toString(encoding)));
    for (const shape of shapes) if (!this.#bytes.some((each) => each.equals(shape))) this.#bytes.push(shape);
    this.#bytes.sort((a, b) => b.length - a.length);
  }

  /** Overwrites what is kept as bytes: the process ends, or the secrets are gone. */
  forget(): void {
    for (const shape of this.#bytes) shape.fill(0);
    this.#bytes = [];
  }

  text(text: string): string {
    let clean = text;
    for (const shape of this.#shapes) if (clean.includes(shape)) clean = clean.replaceAll(shape, REDACTED);
    return this.#bytes.length === 0 ? clean : this.#withoutBytes(clean);
  }

  #withoutBytes(text: string): string {
    let bytes = Buffer.from(text);
    let isChanged = false;
    for (const shape of this.#bytes) {
      for (let at = bytes.indexOf(shape); at >= 0; at = bytes.indexOf(shape, at + REDACTED.length)) {
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(REDACTED), bytes.subarray(at + shape.length)]);
        isChanged = true;
      }
    }
    return isChanged ? bytes.toString() : text;
  }

  /** A copy of a JSON value without secrets, keys included. What JSON cannot hold becomes text or null, as `JSON.stringify` has it. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.value(each));
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        this.text(name),
        isSecretName(name) && each !== null && each !== undefined ? REDACTED : this.value(each),
      ]),
    );
  }
}

function isKeyLine(line: string): boolean {
  return line.length >= 16 && !line.startsWith('-----');
}

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** That of the process: secrets belong to it, whichever part of it has read them. */
export const redactor = new Redactor();

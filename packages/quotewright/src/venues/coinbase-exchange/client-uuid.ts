/**
 * Our numbers of orders as UUIDs, the only names that Coinbase Exchange takes (`client_oid`): the session's six characters, and our number,
 * in the digits of a version 4 UUID.
 */
const NUMBER_DIGITS = 13;
const SHAPE = /^([0-9a-f]{8})-([0-9a-f]{4})-4000-80([0-9a-f]{2})-([0-9a-f]{12})$/u;
const MOST = 2 ** 52;

export class ClientUuids {
  readonly #head: string;

  /** @param tag six of 0-9 a-z */
  constructor(tag: string) {
    const hex = Buffer.from(tag, 'latin1').toString('hex');
    this.#head = `${hex.slice(0, 8)}-${hex.slice(8, 12)}`;
  }

  text(number: number): string {
    const digits = number.toString(16).padStart(NUMBER_DIGITS + 1, '0');
    return `${this.#head}-4000-80${digits.slice(0, 2)}-${digits.slice(2)}`;
  }

  /** Our number; 0 when it is none of this session's. */
  number(uuid: string): number {
    const parts = SHAPE.exec(uuid);
    if (parts === null || `${parts[1]}-${parts[2]}` !== this.#head) return 0;
    const number = Number.parseInt(parts[3]! + parts[4]!, 16);
    return number < MOST ? number : 0;
  }
}

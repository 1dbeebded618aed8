/** Bearer tokens and what their holders may do. Only digests are kept, and compared in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from '../config.ts';

export interface Holder {
  readonly name: string;
  readonly role: Role;
}

/** `read` < `trade` < `admin`. */
const RANK: Readonly<Record<Role, number>> = { read: 0, trade: 1, admin: 2 };

export class Tokens {
  readonly #known: { readonly holder: Holder; readonly digest: Buffer }[] = [];

  add(holder: Holder, token: string): void {
    this.#known.push({ holder, digest: digestOf(token) });
  }

  /** Takes the same time whichever token it is, and whether it is one. */
  find(token: string): Holder | undefined {
    const digest = digestOf(token);
    let found: Holder | undefined;
    for (const each of this.#known) if (timingSafeEqual(each.digest, digest)) found = each.holder;
    return found;
  }
}

export function allows(holder: Holder, role: Role): boolean {
  return RANK[holder.role] >= RANK[role];
}

/** Of an `Authorization` header; undefined: it holds none. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/=-]{1,1000})$/iu.exec(header ?? '')?.[1];
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

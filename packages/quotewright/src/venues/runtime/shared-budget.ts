/**
 * Keeps what is sent below a venue's limits: the share of each that is ours, of which a part is kept back for cancels, so that risk can
 * be taken back when quoting has used up the rest. Several threads, or several connections, share one by its memories: rules that count
 * by address in one, those by key in the other. The lock of the address's is that of both: who shares a key shares the address.
 */
import type { Budget, BudgetRule } from '../contract/budget.ts';
import { BudgetMemory, Use } from './budget-memory.ts';

/** Of what is ours of a rule only cancels may use this share. */
const CANCEL_SHARE = 0.2;

export interface SharedMemories {
  readonly address: SharedArrayBuffer;
  readonly key: SharedArrayBuffer;
}

export interface RuleUse {
  readonly rule: BudgetRule;
  /** What is ours of the limit, and how much of that is used. */
  readonly limit: number;
  readonly used: number;
}

interface Kept {
  readonly rule: BudgetRule;
  readonly name: string;
  readonly isWindow: boolean;
  readonly perMs: number;
  /** Where its row is. */
  readonly rows: Float64Array;
  readonly at: number;
  /** What cancels may use, and what others may. */
  readonly all: number;
  readonly others: number;
}

export class SharedBudget implements Budget {
  readonly memories: SharedMemories;
  readonly #kept: readonly Kept[];
  readonly #address: BudgetMemory;
  /** Where the ban is in the address's rows. */
  readonly #ban: number;

  /** @param share of each limit that is ours */
  constructor(rules: readonly BudgetRule[], share: number, memories?: SharedMemories) {
    const byAddress = rules.filter(({ scope }) => scope === 'address');
    const byKey = rules.filter(({ scope }) => scope === 'key');
    this.#address = new BudgetMemory(byAddress.length, memories?.address);
    const key = new BudgetMemory(byKey.length, memories?.key);
    this.#ban = byAddress.length * Use.FIELDS;
    this.memories = { address: this.#address.shared, key: key.shared };
    this.#kept = rules.map((rule) => {
      const all = Math.max(1, Math.floor(rule.limit * share));
      const isByKey = rule.scope === 'key';
      return {
        rule,
        name: rule.name,
        isWindow: rule.kind === 'window',
        perMs: rule.perMs,
        rows: (isByKey ? key : this.#address).rows,
        at: (isByKey ? byKey : byAddress).indexOf(rule) * Use.FIELDS,
        all,
        others: Math.max(1, all - Math.ceil(all * CANCEL_SHARE)),
      };
    });
  }

  take(cost: Readonly<Record<string, number>>, isCancel: boolean, nowMs: number): boolean {
    const kept = this.#kept;
    this.#address.lock();
    const isFree = this.#isFree(cost, isCancel, nowMs);
    if (isFree) {
      for (let i = 0; i < kept.length; i++) {
        const { name, rows, at } = kept[i]!;
        const part = cost[name];
        if (part !== undefined && part > 0) rows[at + Use.USED] = rows[at + Use.USED]! + part;
      }
    }
    this.#address.unlock();
    return isFree;
  }

  /** Ours is never taken to be less than we have counted: the venue has not seen yet what is under way. */
  observe(name: string, used: number, nowMs: number): void {
    if (!(used >= 0)) return;
    this.#address.lock();
    for (const kept of this.#kept) {
      if (kept.name === name && used > usedOf(kept, nowMs)) kept.rows[kept.at + Use.USED] = used;
    }
    this.#address.unlock();
  }

  banUntil(ms: number): void {
    const { rows } = this.#address;
    this.#address.lock();
    if (ms > rows[this.#ban]!) rows[this.#ban] = ms;
    this.#address.unlock();
  }

  /** Unix milliseconds before which nothing is sent; 0 when nothing was ever said. */
  get bannedUntilMs(): number {
    return this.#address.rows[this.#ban]!;
  }

  uses(nowMs: number): RuleUse[] {
    this.#address.lock();
    const uses = this.#kept.map((kept) => ({ rule: kept.rule, limit: kept.all, used: usedOf(kept, nowMs) }));
    this.#address.unlock();
    return uses;
  }

  #isFree(cost: Readonly<Record<string, number>>, isCancel: boolean, nowMs: number): boolean {
    if (this.#address.rows[this.#ban]! > nowMs) return false;
    const all = this.#kept;
    for (let i = 0; i < all.length; i++) {
      const kept = all[i]!;
      const part = cost[kept.name];
      if (part === undefined || !(part > 0)) continue;
      const used = usedOf(kept, nowMs);
      // One that costs more than there ever is goes out alone, or it never would.
      if (used + part > (isCancel ? kept.all : kept.others) && used > 0) return false;
    }
    return true;
  }
}

/** What is used of a rule now; the row is brought up to date. */
function usedOf({ isWindow, perMs, rows, at, all }: Kept, nowMs: number): number {
  const used = rows[at + Use.USED]!;
  const since = rows[at + Use.SINCE_MS]!;
  if (isWindow) {
    const window = Math.floor(nowMs / perMs);
    // A clock that was corrected backwards stays in the window that it was in.
    if (window <= since) return used;
    rows[at + Use.SINCE_MS] = window;
    rows[at + Use.USED] = 0;
    return 0;
  }
  if (nowMs <= since) return used;
  const left = Math.max(0, used - ((nowMs - since) * all) / perMs);
  rows[at + Use.SINCE_MS] = nowMs;
  rows[at + Use.USED] = left;
  return left;
}

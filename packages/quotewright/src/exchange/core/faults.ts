/**
 * Faults on command, for one venue: each a number of times, or by chance, or once in a while, until it is told to stop. Chance is drawn from
 * a seeded stream, so that a script of faults is the same one each time.
 */
import { Random } from '@quotewright/core/base/random';
import type { FaultName, Faults } from '../contract.ts';

/** How often: so many times, with a probability at each occasion, or at the first occasion after each period. */
export interface FaultRule {
  readonly fault: FaultName;
  readonly count?: number | undefined;
  readonly probability?: number | undefined;
  readonly periodMs?: number | undefined;
  /** It ends by itself after so long. */
  readonly durationMs?: number | undefined;
  /** `delay`: by how much; otherwise not read. */
  readonly delayMs?: number | undefined;
}

interface ActiveRule extends FaultRule {
  left: number;
  readonly endMs: number;
  nextMs: number;
}

const DELAY_MS = 1000;

export class FaultDesk implements Faults {
  /** How often each has happened. */
  readonly done = new Map<FaultName, number>();
  #rules: ActiveRule[] = [];
  readonly #nowMs: () => number;
  readonly #random: Random;
  /** Of the last `delay` that was taken. */
  delayMs = DELAY_MS;

  constructor(venue: string, seed: number, nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#random = Random.stream(seed, `faults/${venue}`);
  }

  /** A rule without count, probability and period is one time. */
  add(rule: FaultRule): void {
    const nowMs = this.#nowMs();
    const isOnce = rule.count === undefined && rule.probability === undefined && rule.periodMs === undefined;
    const isLasting = isOnce && rule.durationMs !== undefined;
    this.#rules.push({
      ...rule,
      left: rule.count ?? (isOnce && !isLasting ? 1 : Infinity),
      endMs: rule.durationMs === undefined ? Infinity : nowMs + rule.durationMs,
      nextMs: nowMs + (rule.periodMs ?? 0),
    });
  }

  /** Ends all rules, or those of one fault. */
  clear(fault?: FaultName): void {
    this.#rules = fault === undefined ? [] : this.#rules.filter((rule) => rule.fault !== fault);
  }

  take(fault: FaultName): boolean {
    if (this.#rules.length === 0) return false;
    const nowMs = this.#nowMs();
    for (const rule of this.#rules) {
      if (rule.fault !== fault || rule.left <= 0 || nowMs >= rule.endMs || nowMs < rule.nextMs) continue;
      if (rule.probability !== undefined && this.#random.uniform() >= rule.probability) continue;
      rule.left--;
      if (rule.periodMs !== undefined) rule.nextMs = nowMs + rule.periodMs;
      this.delayMs = rule.delayMs ?? DELAY_MS;
      this.done.set(fault, (this.done.get(fault) ?? 0) + 1);
      if (rule.left <= 0) this.#rules = this.#rules.filter((each) => each.left > 0);
      return true;
    }
    return false;
  }

  /** There is no rule: nothing has to be asked for. */
  get isIdle(): boolean {
    return this.#rules.length === 0;
  }

  get pending(): readonly FaultRule[] {
    const nowMs = this.#nowMs();
    this.#rules = this.#rules.filter(({ left, endMs }) => left > 0 && nowMs < endMs);
    return this.#rules.map(({ left, endMs: _end, nextMs: _next, ...rule }) => ({
      ...rule,
      count: left === Infinity ? undefined : left,
    }));
  }
}

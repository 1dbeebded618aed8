/**
 * Our numbers of orders by the venue's ids, where the venue's list of fills does not tell them: of orders that have ended, that an earlier
 * process has sent, and that are not ours. The latest are kept, so that the venue is asked for each once and not at every question.
 */
const KEPT = 16_384;

export class OrderNumbers {
  /** Oldest first. */
  readonly #numbers = new Map<string, number>();

  of(venueId: string): number | undefined {
    return this.#numbers.get(venueId);
  }

  remember(venueId: string, number: number): void {
    this.#numbers.set(venueId, number);
    if (this.#numbers.size <= KEPT) return;
    const [oldest] = this.#numbers.keys();
    if (oldest !== undefined) this.#numbers.delete(oldest);
  }
}

/**
 * What a book from a REST snapshot of limited depth cannot know: orders that rest beyond the snapshot's worst level since
 * before it. The venue publishes such a level only when it changes; until then, best prices that fall to it are right and
 * the rebuilt book, which never heard of it, is not.
 */
import { EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';

export class SnapshotReach {
  /** Worst price of the snapshot, by side. */
  readonly #worst = new Float64Array([Number.NaN, Number.NaN]);
  /** Id of the first diff that named a price beyond the reach, by side. */
  readonly #named: readonly Map<number, number>[] = [new Map(), new Map()];

  /** Takes every record of the instrument. */
  take(data: Float64Array, offset: number): void {
    const head = data[offset + Field.HEAD]!;
    const kind = headKind(head);
    if (kind === EventKind.SNAPSHOT_BEGIN) {
      this.#worst.fill(Number.NaN);
      for (const named of this.#named) named.clear();
    }
    if (kind !== EventKind.LEVEL) return;
    const flags = headFlags(head);
    const side = (flags & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    const ticks = data[offset + Field.PRICE_TICKS]!;
    if ((flags & EventFlag.SNAPSHOT) !== 0) {
      if (!(side === Side.BUY ? ticks >= this.#worst[side]! : ticks <= this.#worst[side]!)) this.#worst[side] = ticks;
    } else if (this.#isBeyond(side, ticks)) {
      const named = this.#named[side]!;
      if (!named.has(ticks)) named.set(ticks, data[offset + Field.SEQ]!);
    }
  }

  /** Whether a level at a price could rest there, unpublished, after the diff with final id `id`. */
  canHide(side: Side, ticks: number, id: number): boolean {
    return this.#isBeyond(side, ticks) && !((this.#named[side]!.get(ticks) ?? Number.POSITIVE_INFINITY) <= id);
  }

  #isBeyond(side: Side, ticks: number): boolean {
    return side === Side.BUY ? ticks < this.#worst[side]! : ticks > this.#worst[side]!;
  }
}

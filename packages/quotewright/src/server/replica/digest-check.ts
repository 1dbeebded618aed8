/**
 * Compares the hashes of two engines at the same places: ours are noted when the engine has come to a place, the other's come by a
 * message before or after.
 */

/** Places whose other half is waited for. */
const MOST = 64;

export interface Digest {
  readonly inputs: string;
  readonly outputs: string;
}

export class DigestCheck {
  /** Places that were compared, and whether all of them were equal. */
  comparisons = 0;
  isEqual = true;
  /** Inputs before the first place that differed; -1 = none did. */
  firstDifference = -1;
  readonly #ours = new Map<number, Digest>();
  readonly #theirs = new Map<number, Digest>();

  /** Our engine has taken so many inputs. */
  note(sequence: number, digest: Digest): void {
    this.#meet(sequence, digest, this.#ours, this.#theirs);
  }

  /** The other one said so. */
  take(sequence: number, { inputs, outputs }: Digest): void {
    this.#meet(sequence, { inputs, outputs }, this.#theirs, this.#ours);
  }

  #meet(sequence: number, digest: Digest, own: Map<number, Digest>, others: Map<number, Digest>): void {
    const other = others.get(sequence);
    if (other === undefined) {
      own.set(sequence, digest);
      const [oldest] = own.keys();
      if (own.size > MOST) own.delete(oldest!);
      return;
    }
    others.delete(sequence);
    this.comparisons++;
    if (other.inputs === digest.inputs && other.outputs === digest.outputs) return;
    if (this.isEqual) this.firstDifference = sequence;
    this.isEqual = false;
  }
}

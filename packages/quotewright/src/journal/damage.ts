/** What can be wrong with a journal, and the words for it. */

export type DamageKind =
  /** The file ends within its last frame: the process or the machine died while it was written. */
  | 'torn-tail'
  /** Nothing but zeros from here to the end: the file was made longer before the data reached the disk. */
  | 'zero-tail'
  /** Bytes that are no frame, or a frame whose checksum is wrong. */
  | 'damaged'
  /** Records between what is here and what came before are nowhere. */
  | 'missing-records'
  | 'missing-segment'
  /** A second file that says it is the same segment, or a frame whose records were already there. */
  | 'duplicate'
  /** A file of another journal, or of another kind. */
  | 'foreign'
  /** Written by a later version of the program. */
  | 'newer-version';

export interface Damage {
  readonly kind: DamageKind;
  /** Path of the file; the folder's when it is no file's fault. */
  readonly file: string;
  /** Byte in the file. */
  readonly offset: number;
  /** Bytes that are concerned. */
  readonly bytes: number;
  /** Records of the journal before the place. */
  readonly sequence: number;
  /** What was found there, and what was expected. */
  readonly text: string;
}

export function damageText(damage: Damage): string {
  return `${damage.file}: at byte ${damage.offset}, after record ${damage.sequence}: ${damage.kind}: ${damage.text}`;
}

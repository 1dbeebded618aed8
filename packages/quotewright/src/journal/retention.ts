/** Which segments a snapshot has made superfluous. Every segment starts with its session's header, so that what is kept can be read. */
import { listSegments } from './segments.ts';

export interface Superfluous {
  /** Oldest first; empty when all are needed. */
  readonly paths: readonly string[];
  /** Number of the first segment that stays. */
  readonly first: number;
}

/**
 * Whole segments of which every record lies before `sequence`; never `current` or one after it, nor one whose successor cannot say
 * where it starts.
 * @throws the system's error
 */
export function superfluousSegments(dir: string, sequence: number, current: number): Superfluous {
  const { segments } = listSegments(dir);
  let kept = 0;
  while (kept < segments.length - 1 && segments[kept]!.segment < current) {
    const { head } = segments[kept + 1]!;
    if (head === undefined || head.sequence > sequence) break;
    kept++;
  }
  return { paths: segments.slice(0, kept).map(({ path }) => path), first: segments[kept]?.segment ?? current };
}

/** Whether a session has ended: the last thing that its journal holds is the mark that says so. */
import { readJournal } from './reader.ts';

/** Why the session in a folder has ended; undefined when it has not, or when its journal does not tell. Reads the last segments only. */
export function endOf(dir: string): string | undefined {
  const last = readJournal(dir).segments.at(-1)?.head?.sequence ?? 0;
  let reason: string | undefined;
  for (const item of readJournal(dir, { from: last })) {
    reason = item.kind === 'mark' && item.fields['type'] === 'end' ? String(item.fields['reason']) : undefined;
  }
  return reason;
}

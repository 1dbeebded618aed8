/** What a recorder left that was killed: torn ends are cut, and what was normalised becomes Parquet. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GROWING } from './frame-file.ts';
import { seal } from './seal.ts';
import { SPOOL, isSpool } from './spool.ts';
import { cutTail } from './whole-frames.ts';

/** Of a spool that another program has written: it is left as it is, and nobody looks at it again. */
const FOREIGN = '.foreign';

/**
 * @param folder of a venue's raw files
 * @param out of the Parquet
 * @returns what was done, a line each
 */
export async function recover(folder: string, out: string): Promise<string[]> {
  const lines: string[] = [];
  if (!existsSync(folder)) return lines;
  for (const name of readdirSync(folder).toSorted()) {
    const path = join(folder, name);
    const isGrowing = name.endsWith(GROWING);
    const whole = isGrowing ? path.slice(0, -GROWING.length) : path;
    if (!isGrowing && !name.endsWith(SPOOL)) continue;
    const cut = isGrowing ? cutTail(path) : 0;
    if (cut > 0) lines.push(`${path}: ${cut} bytes of a torn end were cut`);
    if (whole.endsWith(SPOOL) && !isSpool(path)) {
      renameSync(path, `${whole}${FOREIGN}`);
      lines.push(
        `warning: ${path}: is no spool of this version of the program: is ${name.replace(GROWING, '')}${FOREIGN} now; the frames beside it hold the same`,
      );
    } else if (whole.endsWith(SPOOL)) {
      const { rows, files } = await seal(path, out, isGrowing);
      lines.push(`${path}: ${rows} events of a recording that was cut off are in ${files.length} Parquet files`);
    } else if (statSync(path).size === 0) rmSync(path);
    else renameSync(path, whole);
  }
  return lines;
}

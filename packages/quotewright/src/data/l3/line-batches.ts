/** Recordings of one message a line → events: the loop that their readers share. */
import { EventBatch } from '@quotewright/core/market/event';
import { textLines } from '../lines.ts';
import type { ReadReport } from '../report.ts';
import type { Source } from '../source.ts';
import { BadRow } from './decimals.ts';

/**
 * Hands each line that is not empty to `read`, which pushes at most `maxEvents` events or throws BadRow: the line is
 * counted then. A first line equal to `header` is no row.
 */
export async function* lineBatches(
  source: Source,
  report: ReadReport,
  maxEvents: number,
  read: (line: string, number: number, batch: EventBatch) => void,
  header = '',
): AsyncGenerator<EventBatch, void, undefined> {
  const batch = new EventBatch();
  for await (const { lines, firstLine } of textLines(source)) {
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const number = firstLine + i;
      if (line === '' || (number === 1 && line === header)) continue;
      report.rows++;
      try {
        read(line, number, batch);
      } catch (error) {
        if (!(error instanceof BadRow)) throw error;
        report.addBad(error.message, number, line);
      }
      if (batch.length <= batch.capacity - maxEvents) continue;
      yield batch;
      batch.clear();
    }
  }
  if (batch.length > 0) yield batch;
}

/** Who has watched a part of a session only does not know the whole: the journal does, and is replayed before the observers of the run. */
import { nsToIso } from '@quotewright/core/base/time';
import type { Engine } from '@quotewright/core/engine/engine';
import { InputError } from '../data/report.ts';
import { absentText } from '../journal/reader.ts';
import { replayKept } from '../journal/replay-kept.ts';
import type { RunOutput } from './run-output.ts';

/** Of a journal whose reading is felt. */
const LONG_RECORDS = 2_000_000;

export interface WatchAgainOptions {
  readonly dir: string;
  readonly records: number;
  readonly output: RunOutput;
  readonly epochDay: number;
  /** Of the session, for the event log. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly say: (text: string) => void;
}

/** Replays the journal, as much of it as is kept. @throws InputError when the replay is another session than the one that was */
export async function watchAgain(options: WatchAgainOptions): Promise<{ whole: Engine; notes: string[] }> {
  const { dir, records, output, epochDay, source, say } = options;
  const notes: string[] = [];
  if (records > LONG_RECORDS) {
    say(`all is closed; the journal's ${records.toLocaleString('en-US')} records are read for the summary\n`);
  }
  const { engine, difference } = await replayKept(dir, {
    observers: (strategy) => output.observers('modelled', strategy),
    onStart: (begun, sequence) => {
      const startNs = Math.max(0, begun.nowNs);
      output.start(startNs, source);
      if (sequence > 0) notes.push(partText(begun, sequence, nsToIso(startNs, epochDay)));
    },
  });
  if (difference === undefined) return { whole: engine, notes };
  throw new InputError(`${dir}: a replay differs at record ${difference.sequence}: ${difference.what}`);
}

/** What the figures of a journal without its beginning are not of. */
function partText(engine: Engine, sequence: number, time: string): string {
  const held = engine.instruments.flatMap(({ symbol, size }, market) => {
    const lots = engine.portfolioLots(market);
    return lots === 0 ? [] : [`${symbol} ${size.format(lots)}`];
  });
  const positions =
    held.length === 0 ? 'no position was held then' : `as if nothing were held then, and it was ${held.join(', ')}`;
  return `the figures are from ${time} on (${absentText(sequence)}), from the capital on; ${positions}. Cash and equity of the accounts are of the whole session`;
}

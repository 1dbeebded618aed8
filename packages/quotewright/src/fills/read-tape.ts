/** A recording of orders (L3) → its tape, by the way its format tells what the levels showed. */
import { openRecording, type OpenRecordingOptions } from '../data/formats.ts';
import { InputError } from '../data/report.ts';
import { readLobsterTape } from './lobster-window.ts';
import { readReplicaTape } from './replica-tape.ts';
import type { Tape } from './tape.ts';

export interface RecordedTape {
  readonly path: string;
  readonly format: string;
  /** Symbol of the instrument; empty recordings have none. */
  readonly symbol: string;
  /** Lots in one unit (coin, share, contract). */
  readonly unitLots: number;
  readonly tape: Tape;
}

/** @throws InputError when the file is no recording of orders. */
export async function readTape(path: string, options: OpenRecordingOptions = {}): Promise<RecordedTape> {
  const recording = await openRecording(path, options);
  if (!recording.isL3) {
    throw new InputError(`${path}: format ${recording.format} records levels, expected single orders (L3)`);
  }
  const isLobster = recording.format === 'lobster';
  const tape = await (isLobster ? readLobsterTape(path, recording) : readReplicaTape(recording));
  const instrument = recording.instruments[0];
  if (instrument === undefined || tape.length === 0) throw new InputError(`${path}: holds no orders' events`);
  const unitLots = Math.max(1, Math.round(1 / Number(instrument.spec.lot)));
  return { path, format: recording.format, symbol: instrument.symbol, unitLots, tape };
}

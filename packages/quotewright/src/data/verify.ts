/** Checks of rebuilt books against the truth that a recording holds: the registry, by format. */
import { stat } from 'node:fs/promises';
import { verifyBinance } from './binance/verify.ts';
import { findFormat } from './formats.ts';
import type { OpenRecordingOptions } from './formats.ts';
import { verifyBitfinexRaw } from './l3/bitfinex-verify.ts';
import { verifyBitstampCsv } from './l3/bitstamp-csv-verify.ts';
import { verifyBitstampLog } from './l3/bitstamp-verify.ts';
import { verifyCoinbaseFull, verifyCoinbaseRest } from './l3/coinbase-verify.ts';
import { verifyLobster } from './lobster/verify.ts';
import type { OpenOptions } from './recording.ts';
import { InputError } from './report.ts';
import type { Verdict } from './verdict.ts';
import { openRawFolder, wireFormat } from './wire/format.ts';
import { verifyWire } from './wire/verify.ts';

export type Verifier = (path: string, options: OpenOptions) => Promise<Verdict>;

/** By the name of the format. A format without an entry holds no truth to check against. */
export const VERIFIERS: Readonly<Record<string, Verifier>> = {
  binance: verifyBinance,
  wire: verifyWire,
  lobster: verifyLobster,
  'bitfinex-raw': verifyBitfinexRaw,
  'bitstamp-orders': verifyBitstampCsv,
  'bitstamp-log': verifyBitstampLog,
  'coinbase-full': verifyCoinbaseFull,
  'coinbase-rest': verifyCoinbaseRest,
};

/**
 * Rebuilds the book of a recording and checks it.
 * @throws InputError when the file is unusable or its format holds no truth.
 */
export async function verifyRecording(path: string, options: OpenRecordingOptions = {}): Promise<Verdict> {
  const { format: name, ...rest } = options;
  const format = (await isRawFolder(path)) ? wireFormat : await findFormat(path, name);
  const verifier = VERIFIERS[format.name];
  if (verifier === undefined) {
    const names = Object.keys(VERIFIERS).join(', ');
    throw new InputError(
      `${path}: a ${format.name} recording holds no truth to check a book against; these do: ${names}`,
    );
  }
  return verifier(path, { strict: false, ...rest });
}

/** Only frames are checked in folders: what else lies in folders holds no truth. */
async function isRawFolder(path: string): Promise<boolean> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder && (await openRawFolder(path)) !== undefined;
}

/** True when something was checked and nothing contradicts the book that the recording does not explain. */
export function agrees(verdict: Verdict): boolean {
  return unexplained(verdict) === 0 && verdict.checks.some((check) => check.made > 0);
}

/** Mismatches over all checks of a verdict that nothing in the recording explains. */
export function unexplained(verdict: Verdict): number {
  return verdict.checks.reduce((sum, check) => sum + check.mismatched, 0);
}

/** Which files make up a LOBSTER sample, and the facts that their names carry. */
import { basename } from 'node:path';
import { parseIsoDay } from '@quotewright/core/base/time';
import { fileExists, openSource } from '../source.ts';
import type { Source } from '../source.ts';

/** `TICKER_YYYY-MM-DD_startMs_endMs_message_LEVELS.csv` */
const NAME = /([A-Za-z0-9.]+)_(\d{4}-\d\d-\d\d)_\d+_\d+_(message|orderbook)_(\d+)\.csv/;

export interface LobsterName {
  readonly symbol: string;
  readonly epochDay: number;
  readonly part: 'message' | 'orderbook';
}

/** The facts in a file's name; undefined when it is not named as LOBSTER names its files. */
export function parseLobsterName(name: string): LobsterName | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const epochDay = parseIsoDay(match[2]!);
  if (Number.isNaN(epochDay)) return undefined;
  return { symbol: match[1]!, epochDay, part: match[3] === 'message' ? 'message' : 'orderbook' };
}

/** The archive entry that holds the messages, by its name. */
export function messageEntry(entries: readonly string[]): string | undefined {
  return entries.find((name) => parseLobsterName(basename(name))?.part === 'message');
}

/** The order book rows that belong to a message file: in the same archive, or in the file beside it. */
export async function bookSourceOf(messages: Source): Promise<Source | undefined> {
  if (messages.entry !== '') return openSource(messages.path, bookName(messages.entry)).catch(() => undefined);
  const beside = bookName(messages.path);
  return beside !== messages.path && (await fileExists(beside)) ? openSource(beside) : undefined;
}

function bookName(messageName: string): string {
  return messageName.replace(/_message_(\d+\.csv)/, '_orderbook_$1');
}

/**
 * New York's midnight of an epoch day, in nanoseconds after UTC's. LOBSTER's times count from the exchange's midnight
 * on the exchange's clock; the offset is the one at noon, since the clock changes on Sundays before the market opens.
 */
export function newYorkMidnightNs(epochDay: number): number {
  const noon = new Date((epochDay + 0.5) * 86_400_000);
  const format = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23' });
  return (12 - Number(format.format(noon))) * 3_600e9;
}

/** Arguments that several commands take. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { parseDurationNs } from '../config/units.ts';

/** `--param name=value`, again and again. */
export function collectParam(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('expected name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** @param about what it is for, as the help tells it */
export const paramOption = (about: string) =>
  new Option('--param <name=value...>', about).argParser(collectParam).default({}, 'none');

export function parseSeed(text: string): number {
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('expected a whole number.');
}

/** How long to wait for somebody: a duration, in milliseconds. */
export function parseWaitMs(text: string): number {
  const ns = parseDurationNs(text);
  if (ns >= 1e6 && ns <= 86_400e9) return ns / 1e6;
  throw new InvalidArgumentError('expected a duration from 1ms to 24h.');
}

export function parsePort(text: string): number {
  const value = Number(text);
  if (/^\d+$/u.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError('expected a port from 0 (any that is free) to 65535.');
}

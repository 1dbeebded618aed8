/** The sinks of alerts in a risk file. */
import { z } from 'zod';
import { secretSource } from '../audit/secret.ts';
import { expected, fields } from '../config/fields.ts';
import { durationNs } from '../config/units.ts';
import { alertTypeName, severityName } from './alert.ts';

const filled = (words: string) => z.string(expected(words)).min(1, expected(words));

function whole(max: number) {
  const words = expected(`a whole number from 1 to ${max}`);
  return z.number(words).int(words).min(1, words).max(max, words);
}

const filter = {
  /** As it is called in reports; else its kind and place in the list. */
  name: filled('a name').max(64, expected('a name of at most 64 characters')).optional(),
  /** Nothing below it. */
  severity: severityName.default('INFO'),
  /** Only these. */
  types: z
    .array(alertTypeName, expected('a list of types of alerts'))
    .min(1, 'expected one type of alert or more')
    .optional(),
};

const capacity = whole(100_000);
const time = durationNs.refine((ns) => ns >= 1e6 && ns <= 600e9, 'expected a duration from 1ms to 10m');

const url = z
  .string()
  .refine(
    (text) => isWebAddress(text),
    'expected an address that begins with https:// or http://, without user and password',
  );

export const sinkSettings = z.discriminatedUnion(
  'sink',
  [
    /** Lines for people (`text`) or pino's (`json`), to the terminal's error output or a file. */
    fields({
      sink: z.literal('log'),
      ...filter,
      to: filled('stderr, or a file').default('stderr'),
      format: z.enum(['text', 'json'], expected('text or json')).default('text'),
    }),
    /** JSON Lines, appended. */
    fields({ sink: z.literal('file'), ...filter, path: filled('a file') }),
    fields({
      sink: z.literal('webhook'),
      ...filter,
      /** Some addresses are secrets themselves. */
      url: z.union(
        [url, secretSource],
        'expected an address that begins with https:// or http://, { env: NAME } or { file: PATH }',
      ),
      /** Signs each message. */
      secret: secretSource.optional(),
      /** For one trial. */
      timeout: time.prefault('5s'),
      attempts: whole(100).default(8),
      /** Before the second trial; doubled for each further one, up to a minute, a random part of it left out. */
      backoff: time.prefault('500ms'),
      queue: capacity.default(1000),
    }),
    /** A program that is given the alert as a line of JSON. */
    fields({
      sink: z.literal('command'),
      ...filter,
      run: z
        .array(z.string(expected('text')), expected('a list of a program and its arguments'))
        .min(1, 'found an empty list, expected a program and its arguments'),
      /** After it the program, and what it has started, is killed. */
      timeout: time.prefault('10s'),
      parallel: whole(16).default(1),
      queue: capacity.default(100),
    }),
  ],
  'expected log, file, webhook or command',
);
export type SinkSettings = z.output<typeof sinkSettings>;
export type WebhookSettings = Extract<SinkSettings, { sink: 'webhook' }>;
export type CommandSettings = Extract<SinkSettings, { sink: 'command' }>;

export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

/** The sinks that a risk file asks for. */
import type { AuditLog } from '../audit/audit-log.ts';
import { redactor } from '../audit/redactor.ts';
import { readSecret } from '../audit/secret.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { CommandSink } from './command-sink.ts';
import { type LineFormat, LineSink } from './line-sinks.ts';
import { STDERR } from './lines-file.ts';
import type { AlertSink } from './sink.ts';
import { type SinkSettings, type WebhookSettings, isWebAddress } from './sink-settings.ts';
import { WebhookSink } from './webhook-sink.ts';

/** @throws InputError when a secret is not there, or a file cannot be opened */
export function makeSink(
  settings: SinkSettings,
  index: number,
  all: readonly SinkSettings[],
  audit: AuditLog | undefined,
): AlertSink {
  const name = `${settings.sink} ${settings.name ?? index + 1}`;
  const field = `alerts.sinks.${index}`;
  if (settings.sink === 'file') return lineSink(name, settings.path, 'json', `${field}.path`);
  if (settings.sink === 'log') {
    const format = settings.format === 'json' ? 'pino' : 'text';
    return lineSink(name, settings.to === 'stderr' ? STDERR : settings.to, format, `${field}.to`);
  }
  if (settings.sink === 'command') {
    const { run, timeout, parallel, queue } = settings;
    const environment = environmentWithout(all);
    return new CommandSink({ name, run, timeoutMs: timeout / 1e6, parallel, queue, environment, redactor });
  }
  const { secret, timeout, attempts, backoff, queue } = settings;
  return new WebhookSink({
    name,
    url: addressOf(settings, `${field}.url`, audit),
    secret: secret === undefined ? undefined : readSecret(secret, `${field}.secret`, audit),
    timeoutMs: timeout / 1e6,
    attempts,
    backoffMs: backoff / 1e6,
    queue,
    redactor,
  });
}

function lineSink(name: string, target: string | typeof STDERR, format: LineFormat, field: string): LineSink {
  try {
    return new LineSink(name, target, format, redactor);
  } catch (error) {
    throw new InputError(`${field}: ${reasonOf(error)}`);
  }
}

function addressOf({ url }: WebhookSettings, field: string, audit: AuditLog | undefined): string {
  if (typeof url === 'string') return url;
  const text = readSecret(url, field, audit);
  if (isWebAddress(text)) return text;
  throw new InputError(`${field}: found no address there, expected one that begins with https:// or http://`);
}

/** Programs of others do not get the secrets that were given to us. */
function environmentWithout(all: readonly SinkSettings[]): Record<string, string | undefined> {
  const environment = { ...process.env };
  for (const settings of all) {
    if (settings.sink !== 'webhook') continue;
    for (const source of [settings.url, settings.secret]) {
      if (typeof source === 'object' && 'env' in source) delete environment[source.env];
    }
  }
  return environment;
}

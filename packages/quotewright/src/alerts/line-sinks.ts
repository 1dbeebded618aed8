/** Sinks that are lines: of a log, for people or machines, and of a file. */
import pino from 'pino';
import type { Redactor } from '../audit/redactor.ts';
import type { Alert, SeverityName } from './alert.ts';
import { LinesFile, type STDERR } from './lines-file.ts';
import type { AlertSink, SinkCounts } from './sink.ts';

/** pino's levels, by severity. */
const LEVELS = { INFO: 'info', WARNING: 'warn', CRITICAL: 'error', EMERGENCY: 'fatal' } as const satisfies Record<
  SeverityName,
  pino.Level
>;

/** `text`: a line for people; `pino`: what pino makes of it; `json`: the alert as it is. */
export type LineFormat = 'text' | 'pino' | 'json';

export class LineSink implements AlertSink {
  readonly name: string;
  readonly #file: LinesFile;
  readonly #write: (alert: Alert) => void;
  #sent = 0;

  /** @throws the system's error when the file cannot be opened */
  constructor(name: string, target: string | typeof STDERR, format: LineFormat, redactor: Redactor) {
    this.name = name;
    const file = new LinesFile(target);
    this.#file = file;
    if (format === 'json') this.#write = (alert) => file.write(redactor.text(JSON.stringify(alert)));
    else if (format === 'text') this.#write = ({ time, text }) => file.write(redactor.text(`${time} ${text}`));
    else {
      const write = (line: string): void => file.write(redactor.text(line.trimEnd()));
      const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
      this.#write = ({ text, time, ...alert }) => logger[LEVELS[alert.severity]]({ ...alert, at: time }, text);
    }
  }

  get counts(): SinkCounts {
    const { dropped } = this.#file;
    return { delivered: Math.max(0, this.#sent - dropped), failed: 0, retried: 0, dropped };
  }

  send(alert: Alert): void {
    this.#sent++;
    this.#write(alert);
  }

  async close(graceMs: number): Promise<void> {
    await this.#file.close(graceMs);
  }
}

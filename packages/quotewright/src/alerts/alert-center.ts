/**
 * Takes the engine's alerts out of its outbox, keeps them in a file, and hands each to the sinks that want it. Trading waits for
 * none of that: sinks have bounded queues of their own, and files are written by nobody's turn.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { Actor } from '../audit/actor.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { redactor } from '../audit/redactor.ts';
import { type Alert, type AlertTypeName, type SeverityName, severityRank } from './alert.ts';
import { historyFile, readHistory } from './alert-history.ts';
import { AlertWords, type HostAlert } from './alert-words.ts';
import { LinesFile } from './lines-file.ts';
import { makeSink } from './make-sinks.ts';
import type { AlertSink } from './sink.ts';
import type { SinkSettings } from './sink-settings.ts';
import type { StreamSink } from './stream-sink.ts';

/** How long the end of a session waits for sinks that are late. */
const GRACE_MS = 5000;

export interface AlertCenterOptions {
  readonly instruments: readonly Instrument[];
  readonly epochDay: number;
  /** Folder of the session, where the history is kept; absent: it is not. */
  readonly dir?: string | undefined;
  readonly sinks?: readonly SinkSettings[] | undefined;
  readonly audit?: AuditLog | undefined;
  /** Whoever looks at the session; gets every alert. */
  readonly stream?: StreamSink | undefined;
}

/** A sink and what it wants. */
interface Subscription {
  readonly sink: AlertSink;
  readonly least: number;
  readonly types: ReadonlySet<AlertTypeName> | undefined;
}

export class AlertCenter {
  /** Alerts taken so far, without those that the history knew. */
  readonly counts: Record<SeverityName, number> = { INFO: 0, WARNING: 0, CRITICAL: 0, EMERGENCY: 0 };
  readonly #words: AlertWords;
  readonly #history: LinesFile | undefined;
  /** What the history held at the start: a session that is recovered makes those alerts again. */
  readonly #known: ReadonlySet<string>;
  readonly #subscriptions: readonly Subscription[];
  readonly #stream: StreamSink | undefined;

  private constructor(options: AlertCenterOptions, known: ReadonlySet<string>) {
    const { instruments, epochDay, dir, sinks = [], audit, stream } = options;
    this.#stream = stream;
    this.#words = new AlertWords(instruments, epochDay);
    this.#known = known;
    this.#subscriptions = sinks.map((settings, index) => ({
      sink: makeSink(settings, index, sinks, audit),
      least: severityRank(settings.severity),
      types: settings.types === undefined ? undefined : new Set(settings.types),
    }));
    this.#history = dir === undefined ? undefined : new LinesFile(historyFile(dir));
  }

  /** @throws InputError when the history or a secret cannot be read, or a sink's file cannot be opened */
  static async open(options: AlertCenterOptions): Promise<AlertCenter> {
    const known = new Set<string>();
    if (options.dir !== undefined) {
      for await (const line of readHistory(options.dir, { lines: 0, first: 0 }))
        if (line.kind === 'alert') known.add(keyOf(line));
    }
    return new AlertCenter(options, known);
  }

  /** Takes all alerts out of the engine's outbox. */
  drain(outbox: RecordQueue): void {
    while (outbox.length > 0) {
      const alert = this.#words.of(outbox.data, outbox.peek());
      outbox.shift();
      if (!this.#known.has(keyOf(alert))) this.#take(alert);
    }
  }

  /** An alert of the host itself. */
  raise(alert: HostAlert, nowNs: number): void {
    this.#take(this.#words.ofHost(alert, nowNs));
  }

  /** Somebody has acknowledged an alert. */
  acknowledged(number: number, who: Actor): void {
    this.#keep({ kind: 'ack', number, time: new Date().toISOString(), who });
    this.#stream?.acknowledged(number);
  }

  /** Ends all sinks, late ones after a few seconds. Answers a line for each that has not delivered everything. */
  async close(graceMs = GRACE_MS): Promise<string[]> {
    await Promise.all([
      this.#history?.close(graceMs),
      this.#stream?.close(),
      ...this.#subscriptions.map(({ sink }) => sink.close(graceMs)),
    ]);
    const lost = this.#subscriptions.flatMap(({ sink: { name, counts } }) =>
      counts.failed + counts.dropped === 0
        ? []
        : [`alerts: ${name}: ${counts.delivered} delivered, ${counts.failed} failed, ${counts.dropped} dropped`],
    );
    const unkept = this.#history?.dropped ?? 0;
    return unkept === 0 ? lost : [...lost, `alerts: the history is not whole: ${unkept} lines or writes failed`];
  }

  #take(alert: Alert): void {
    this.counts[alert.severity]++;
    this.#keep({ kind: 'alert', ...alert });
    this.#stream?.send(alert);
    const rank = severityRank(alert.severity);
    for (const { sink, least, types } of this.#subscriptions) {
      if (rank >= least && (types === undefined || types.has(alert.type))) sink.send(alert);
    }
  }

  #keep(line: Readonly<Record<string, unknown>>): void {
    this.#history?.write(redactor.text(JSON.stringify(line)));
  }
}

/** Numbers alone do not tell: after a crash the few that the journal has lost are given out again. */
function keyOf({ number, time, type }: Alert): string {
  return `${number} ${time} ${type}`;
}

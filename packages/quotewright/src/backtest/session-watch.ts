/** What is looked at between two slices of a session, beside the engine: its alerts, value at risk, the uptime of quotes, the journal's lag. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { AlertCenter } from '../alerts/alert-center.ts';
import { JournalWatch, type Journalling } from '../alerts/journal-watch.ts';
import { QuoteWatch } from '../alerts/quote-watch.ts';
import { VarMonitor } from '../var/var-monitor.ts';
import type { Watching } from './simulation-header.ts';

export class SessionWatch {
  readonly #engine: Engine;
  readonly #alerts: AlertCenter;
  readonly #journal: Journalling | undefined;
  readonly #journalWatch: JournalWatch;
  readonly #quotes: QuoteWatch | undefined;
  readonly #values: VarMonitor | undefined;
  #hasFailed = false;

  constructor(engine: Engine, alerts: AlertCenter, watching: Watching, journal: Journalling | undefined) {
    const { quoteUptime, journalLagMs, var: settings } = watching;
    this.#engine = engine;
    this.#alerts = alerts;
    this.#journal = journal;
    this.#journalWatch = new JournalWatch(alerts, journalLagMs);
    this.#quotes = quoteUptime && new QuoteWatch(engine.instruments.length, alerts, quoteUptime);
    this.#values = settings && new VarMonitor(engine, settings);
  }

  /** May tell the engine something. */
  async look(nowNs: number): Promise<void> {
    this.#quotes?.look(this.#engine, nowNs);
    if (this.#journal !== undefined) this.#journalWatch.look(this.#journal, nowNs);
    await this.#values?.at(nowNs);
    if (this.#values !== undefined && this.#values.failure !== '' && !this.#hasFailed) {
      this.#hasFailed = true;
      const detail = `value at risk is not worked out any more: ${this.#values.failure}`;
      this.#alerts.raise({ type: 'SYSTEM_ERROR', severity: 'CRITICAL', detail }, nowNs);
    }
    this.drain();
  }

  /** Hands on the alerts of the engine. */
  drain(): void {
    if (this.#engine.risk !== undefined) this.#alerts.drain(this.#engine.risk.alerts.outbox);
  }

  async close(): Promise<void> {
    await this.#values?.close();
  }
}

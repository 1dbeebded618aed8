/** A sink for whoever looks at the session now: the server's stream. Nobody has to look, so nothing is counted as lost. */
import type { Alert } from './alert.ts';
import type { AlertSink, SinkCounts } from './sink.ts';

/** Who is told. */
export interface AlertWatcher {
  alert(alert: Alert): void;
  acknowledged(number: number): void;
}

export class StreamSink implements AlertSink {
  readonly name = 'stream';
  #delivered = 0;
  #watcher: AlertWatcher | undefined;

  /** From here on; undefined: nobody. */
  open(watcher: AlertWatcher | undefined): void {
    this.#watcher = watcher;
  }

  get counts(): SinkCounts {
    return { delivered: this.#delivered, failed: 0, retried: 0, dropped: 0 };
  }

  send(alert: Alert): void {
    if (this.#watcher === undefined) return;
    this.#delivered++;
    this.#watcher.alert(alert);
  }

  /** Somebody has acknowledged an alert. */
  acknowledged(number: number): void {
    this.#watcher?.acknowledged(number);
  }

  close(): Promise<void> {
    this.#watcher = undefined;
    return Promise.resolve();
  }
}

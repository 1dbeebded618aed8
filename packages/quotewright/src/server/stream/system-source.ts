/** The topic `system`: all of it, once a second. */
import type { SystemInfo } from '../protocol/system.ts';
import type { TopicSource } from './topic-source.ts';

export class SystemSource implements TopicSource {
  readonly topic = 'system';
  readonly shape = 'state';
  readonly intervalMs = 1000;
  readonly #read: () => SystemInfo;
  #last: SystemInfo | undefined;

  constructor(read: () => SystemInfo) {
    this.#read = read;
  }

  poll(): SystemInfo {
    return (this.#last = this.#read());
  }

  snapshot(): SystemInfo {
    return (this.#last ??= this.#read());
  }
}

/** Who is connected to the stream, and what has been sent to them and to those before them. */
import type { SystemInfo } from '../protocol/system.ts';

/** What the table asks of a client. */
interface Client {
  /** False: it has not yet taken what it was given. */
  canTake(): boolean;
}

export class ClientTable {
  readonly #clients = new Set<Client>();
  #sentBytes = 0;
  #sentMessages = 0;

  get size(): number {
    return this.#clients.size;
  }

  get counts(): SystemInfo['clients'] {
    let slow = 0;
    for (const client of this.#clients) if (!client.canTake()) slow += 1;
    return { connected: this.size, slow, sentBytes: this.#sentBytes, sentMessages: this.#sentMessages };
  }

  add(client: Client): void {
    this.#clients.add(client);
  }

  delete(client: Client): void {
    this.#clients.delete(client);
  }

  noteSent(bytes: number): void {
    this.#sentBytes += bytes;
    this.#sentMessages += 1;
  }
}

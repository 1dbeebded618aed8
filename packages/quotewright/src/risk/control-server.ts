/** A session's ear: a Unix domain socket that takes requests as lines of JSON and keeps them until the session has time for them. */
import { chmodSync, renameSync, rmSync, statSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';
import { once } from 'node:events';
import { type ControlReply, type ControlRequest, MAX_REQUEST_BYTES, controlRequest } from './control-protocol.ts';
import { socketPath } from './control-place.ts';

const MAX_CONNECTIONS = 16;
const MAX_WAITING = 256;

/** A request, and how to answer it. */
export interface Asked {
  readonly request: ControlRequest;
  readonly reply: (reply: ControlReply) => void;
}

export class ControlServer {
  readonly #path: string;
  /** The name that it was bound to. */
  readonly #own: string;
  #inode = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: Asked[] = [];

  private constructor(path: string) {
    this.#path = path;
    this.#own = `${path.slice(0, -'.sock'.length)}.${process.pid}.sock`;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * Listens in a folder, whoever listened there: the session's lease is ours, so that another ear belongs to a process that was killed,
   * or suspended and overtaken.
   */
  static async open(dir: string): Promise<ControlServer> {
    const control = new ControlServer(socketPath(dir));
    const own = control.#own;
    rmSync(own, { force: true });
    control.#server.listen(own);
    await once(control.#server, 'listening');
    chmodSync(own, 0o600);
    control.#inode = statSync(own).ino;
    // Under a name of its own first: a server that closes removes the name that it was bound to, also when it is another's by then.
    renameSync(own, control.#path);
    // The session keeps the process alive, not its ear.
    control.#server.unref();
    return control;
  }

  /** The oldest request that nobody has taken; undefined when there is none. */
  take(): Asked | undefined {
    return this.#waiting.shift();
  }

  /** Answers what still waits with an error, and is deaf from then on. */
  async close(): Promise<void> {
    for (const { reply } of this.#waiting.splice(0)) reply({ error: 'the session has ended' });
    const closed = once(this.#server, 'close');
    this.#server.close();
    // Answers on their way arrive first.
    for (const socket of this.#sockets) socket.destroySoon();
    await closed;
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode) rmSync(this.#path, { force: true });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // Who goes away before the answer is not told.
    socket.on('error', () => socket.destroy());
    const reply = (value: ControlReply): void => void socket.write(`${JSON.stringify(value)}\n`);
    let held = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (held + text).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) this.#ask(line, reply);
      if (held.length <= MAX_REQUEST_BYTES) return;
      reply({ error: `found a line of more than ${MAX_REQUEST_BYTES} bytes, expected a request` });
      socket.destroySoon();
    });
  }

  #ask(line: string, reply: Asked['reply']): void {
    const request = parsed(line);
    if (request === undefined) reply({ error: 'found no request, expected a line of JSON (docs/alerts.md)' });
    else if (this.#waiting.length >= MAX_WAITING) reply({ error: `more than ${MAX_WAITING} requests wait` });
    else this.#waiting.push({ request, reply });
  }
}

function parsed(line: string): ControlRequest | undefined {
  try {
    return controlRequest.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Has the trading thread do what a request wants, by messages with numbers, and waits for its answers. */
import type { ControlReply, ControlRequest } from '../risk/control-protocol.ts';
import { Problem } from './http/problems.ts';
import type { FromServer } from './link.ts';

/** The kill switch itself waits for the venues' confirmations, 10 s in the session's time. */
const PATIENCE_MS = 30_000;
const MOST = 256;

interface Waiting {
  readonly resolve: (reply: ControlReply) => void;
  readonly reject: (problem: Problem) => void;
  readonly timer: NodeJS.Timeout;
}

export class Asker {
  readonly #post: (message: FromServer) => void;
  readonly #patienceMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #isOver = false;

  constructor(post: (message: FromServer) => void, patienceMs = PATIENCE_MS) {
    this.#post = post;
    this.#patienceMs = patienceMs;
  }

  /** @throws Problem when the session has ended or does not answer */
  async ask(request: ControlRequest): Promise<ControlReply> {
    if (this.#isOver) throw over();
    if (this.#waiting.size >= MOST) {
      throw new Problem('too-many-requests', `${MOST} commands wait already`, { headers: { 'retry-after': '1' } });
    }
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<ControlReply>();
    const timer = setTimeout(() => {
      this.#waiting.delete(id);
      reject(
        new Problem(
          'no-answer',
          `the session has not answered in ${this.#patienceMs / 1000} s; it may still do what was asked`,
        ),
      );
    }, this.#patienceMs);
    this.#waiting.set(id, { resolve, reject, timer });
    this.#post({ type: 'ask', id, request });
    return promise;
  }

  /** An answer has come. One that nobody waits for is late. */
  answered(id: number, reply: ControlReply): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve(reply);
  }

  /** Nobody will answer any more. */
  end(): void {
    this.#isOver = true;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(over());
    }
    this.#waiting.clear();
  }
}

function over(): Problem {
  return new Problem('session-over', 'the session has ended, nothing can be done to it');
}

/** What a client says on the stream, and what it is told. */
import { INSTRUMENT_TOPICS, SESSION_TOPICS, type ClientMessage, clientMessage } from '../protocol/stream.ts';
import type { ProblemCode } from '../http/problems.ts';
import type { StreamFormat } from './encoded-update.ts';
import type { StreamHub } from './hub.ts';
import { decodeMessagePack } from './message-pack.ts';
import { CLOSE, type SocketClient } from './socket-client.ts';
import { TokenBucket } from './token-bucket.ts';

const MESSAGES_AT_ONCE = 100;
const MESSAGES_A_SECOND = 20;
/** Messages that were not looked at, after which the client is closed. */
const MAX_REFUSED = 1000;
/** Wrong tokens of one connection. */
const MAX_WRONG_TOKENS = 3;

export interface ConversationOptions {
  readonly hub: StreamHub;
  readonly client: SocketClient;
  readonly format: StreamFormat;
  /** Nothing is told before a token that `isToken` knows. */
  readonly needsToken: boolean;
  isToken(token: string): boolean;
}

export class Conversation {
  readonly #options: ConversationOptions;
  readonly #bucket: TokenBucket;
  #isIn = false;
  #refused = 0;
  #wrongTokens = 0;

  constructor(options: ConversationOptions, nowMs: number) {
    this.#options = options;
    this.#bucket = new TokenBucket(MESSAGES_AT_ONCE, MESSAGES_A_SECOND, nowMs);
    if (!options.needsToken) this.#enter();
  }

  get isIn(): boolean {
    return this.#isIn;
  }

  receive(bytes: Buffer, isBinary: boolean, nowMs: number): void {
    const { client, format } = this.#options;
    if (isBinary !== (format === 'msgpack')) {
      client.close(CLOSE.UNSUPPORTED, `expected ${format === 'json' ? 'text' : 'binary'} frames`);
      return;
    }
    if (!this.#bucket.take(nowMs)) {
      this.#refuse();
      return;
    }
    this.#refused = 0;
    const message = this.#parse(bytes);
    if (message !== undefined) this.#obey(message);
  }

  /** Told once, until the client has been quiet enough again. */
  #refuse(): void {
    this.#refused += 1;
    if (this.#refused === 1) {
      this.#complain(
        'too-many-requests',
        `more than ${MESSAGES_A_SECOND} messages a second: this one has had no effect`,
      );
    } else if (this.#refused > MAX_REFUSED) {
      this.#options.client.close(CLOSE.TOO_MANY_MESSAGES, 'too many messages');
    }
  }

  #parse(bytes: Buffer): ClientMessage | undefined {
    let value: unknown;
    try {
      value = this.#options.format === 'json' ? JSON.parse(bytes.toString()) : decodeMessagePack(bytes);
    } catch {
      this.#complain('bad-request', `the message is not ${this.#options.format === 'json' ? 'JSON' : 'MessagePack'}`);
      return undefined;
    }
    const parsed = clientMessage.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const field = issue === undefined || issue.path.length === 0 ? 'the message' : issue.path.join('.');
    this.#complain('bad-request', `${field}: ${issue?.message ?? 'not as expected'}`);
    return undefined;
  }

  #obey(message: ClientMessage): void {
    if (message.op === 'auth') {
      this.#authorise(message.token);
      return;
    }
    if (!this.#isIn) {
      this.#complain('no-token', `'auth' with a token comes before '${message.op}'`);
      return;
    }
    if (message.op === 'ping') {
      const id = message.id === undefined ? {} : { id: message.id };
      this.#options.client.send({ op: 'pong', ...id, wallMs: Date.now() });
    } else if (message.op === 'subscribe') {
      for (const each of message.topics) this.#subscribe(each);
    } else {
      const { hub, client } = this.#options;
      for (const topic of message.topics) if (!hub.unsubscribe(client, topic)) this.#complainOf(topic);
    }
  }

  #authorise(token: string): void {
    // Where none is needed, a page that has one may say so all the same.
    if (this.#isIn) return;
    if (this.#options.isToken(token)) {
      this.#enter();
      return;
    }
    this.#complain('wrong-token', 'the token is not known');
    this.#wrongTokens += 1;
    if (this.#wrongTokens >= MAX_WRONG_TOKENS) this.#options.client.close(CLOSE.NO_TOKEN, 'no token that is known');
  }

  #enter(): void {
    const { hub, client } = this.#options;
    this.#isIn = true;
    hub.add(client);
    client.send({ op: 'hello', session: hub.session, wallMs: Date.now() });
  }

  #subscribe(wanted: Extract<ClientMessage, { op: 'subscribe' }>['topics'][number]): void {
    const { hub, client } = this.#options;
    const isKnown =
      typeof wanted === 'string' ? hub.subscribe(client, wanted) : hub.subscribe(client, wanted.topic, wanted);
    if (!isKnown) this.#complainOf(typeof wanted === 'string' ? wanted : wanted.topic);
  }

  #complainOf(topic: string): void {
    const kinds = [...INSTRUMENT_TOPICS.map((kind) => `${kind}:VENUE:SYMBOL`), ...SESSION_TOPICS].join(', ');
    this.#complain('not-found', `no topic '${topic}'; there are ${kinds}`, topic);
  }

  #complain(code: ProblemCode, detail: string, topic?: string): void {
    this.#options.client.send({ op: 'error', code, detail, ...(topic === undefined ? {} : { topic }) });
  }
}

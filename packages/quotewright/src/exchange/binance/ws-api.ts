/**
 * Spot's WebSocket API (`/ws-api/v3`): orders and queries as methods, sessions that are logged in with an Ed25519 key, and the user data stream
 * of the account on the same connection. Source: "WebSocket API" of spot.
 */
import type { ExchangeKey, FaceConversation, FaceSocket, FrameKind, VenueExchange } from '../contract.ts';
import { checkSignature, checkTime, keyOf } from './auth.ts';
import type { Limits } from './limits.ts';
import { Refusal, refusals } from './refusal.ts';

/** What a method does for a customer. */
export interface Method {
  readonly weight: number;
  readonly orders: number;
  /** Whether it wants a key and a signature, or none. */
  readonly isSigned: boolean;
  /** Its answer acknowledges an order, a cancel or an amendment. */
  readonly isAck: boolean;
  run(key: ExchangeKey, parameters: URLSearchParams): unknown;
}

export interface SocketApiSetup {
  readonly exchange: VenueExchange;
  readonly limits: Limits;
  readonly methods: ReadonlyMap<string, Method>;
}

export class SocketApi {
  readonly #setup: SocketApiSetup;
  readonly #sessions = new Set<Session>();

  constructor(setup: SocketApiSetup) {
    this.#setup = setup;
  }

  join(socket: FaceSocket): FaceConversation {
    const session = new Session(this.#setup, socket, (ended) => this.#sessions.delete(ended));
    this.#sessions.add(session);
    return session;
  }

  /** An event of an account, to those who have subscribed. */
  tell(account: string, event: object, kind: FrameKind): void {
    for (const session of this.#sessions) session.tell(account, event, kind);
  }
}

class Session implements FaceConversation {
  readonly #setup: SocketApiSetup;
  readonly #socket: FaceSocket;
  readonly #ended: (session: Session) => void;
  #logon: ExchangeKey | undefined;
  /** Accounts, by the number of the subscription. */
  readonly #subscriptions = new Map<number, string>();
  #subscribed = 0;

  constructor(setup: SocketApiSetup, socket: FaceSocket, ended: (session: Session) => void) {
    this.#setup = setup;
    this.#socket = socket;
    this.#ended = ended;
  }

  closed(): void {
    this.#ended(this);
  }

  tell(account: string, event: object, kind: FrameKind): void {
    for (const [subscriptionId, subscribed] of this.#subscriptions) {
      if (subscribed === account) this.#socket.send(JSON.stringify({ subscriptionId, event }), kind);
    }
  }

  message(text: string): void {
    let id: unknown = null;
    let customer = '';
    let kind: FrameKind = 'other';
    try {
      const request = parse(text);
      id = idOf(request.id);
      const method = typeof request.method === 'string' ? request.method : '';
      const parameters = parametersOf(request.params);
      // Whoever has no key is the same customer, also who makes one up.
      customer = this.#setup.exchange.keyOf(parameters.get('apiKey') ?? this.#logon?.key ?? '')?.key ?? '';
      if (this.#setup.methods.get(method)?.isAck === true) kind = 'ack';
      const result = this.#run(method, parameters, customer);
      this.#answer(id, 200, { result }, customer, kind);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#answer(id, error.status, { error: error.body }, customer, kind);
    }
  }

  #run(name: string, parameters: URLSearchParams, customer: string): unknown {
    const { methods, limits, exchange } = this.#setup;
    const nowMs = exchange.nowMs();
    const method = methods.get(name);
    limits.take(customer, method?.weight ?? 2, method?.orders ?? 0, nowMs);
    switch (name) {
      case 'session.logon': {
        const key = this.#signed(parameters);
        // Others cannot log in.
        if (/^[0-9a-f]{64}$/iu.test(parameters.get('signature') ?? '')) {
          throw new Refusal(-4056, 'HMAC_SHA256 API key is not supported.');
        }
        this.#logon = key;
        return this.#status();
      }
      case 'session.logout':
        this.#logon = undefined;
        return this.#status();
      case 'session.status':
        return this.#status();
      case 'userDataStream.subscribe':
        if (this.#logon === undefined) throw new Refusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
        return this.#subscribe(this.#logon);
      case 'userDataStream.subscribe.signature':
        return this.#subscribe(this.#signed(parameters));
      case 'userDataStream.unsubscribe':
        this.#subscriptions.clear();
        return {};
      default:
    }
    if (method === undefined) throw new Refusal(-1104, `Unknown method '${name}'.`);
    // Methods without a signature do not ask whose key it is.
    const key = method.isSigned ? this.#signed(parameters) : undefined;
    return method.run(key ?? NOBODY, parameters);
  }

  /** The customer by session, or by key and signature. */
  #signed(parameters: URLSearchParams): ExchangeKey {
    const { exchange } = this.#setup;
    checkTime(parameters, exchange.nowMs());
    const apiKey = parameters.get('apiKey');
    if (apiKey === null && this.#logon !== undefined) return this.#logon;
    if (apiKey === null) throw refusals.missing('apiKey');
    const key = keyOf(exchange, apiKey);
    const names = [...parameters.keys()].filter((name) => name !== 'signature').toSorted();
    checkSignature(key, names.map((name) => `${name}=${parameters.get(name)}`).join('&'), parameters.get('signature'));
    return key;
  }

  #subscribe({ account }: ExchangeKey): unknown {
    const subscriptionId = this.#subscribed++;
    this.#subscriptions.set(subscriptionId, account);
    return { subscriptionId };
  }

  #status(): unknown {
    return {
      apiKey: this.#logon?.key ?? null,
      authorizedSince: this.#logon === undefined ? null : Math.floor(this.#setup.exchange.nowMs()),
      connectedSince: 0,
      returnRateLimits: true,
      serverTime: Math.floor(this.#setup.exchange.nowMs()),
      userDataStream: this.#subscriptions.size > 0,
    };
  }

  #answer(id: unknown, status: number, content: object, customer: string, kind: FrameKind): void {
    const rateLimits = this.#setup.limits.counts(customer, this.#setup.exchange.nowMs());
    this.#socket.send(JSON.stringify({ id, status, ...content, rateLimits }), kind);
  }
}

const NOBODY: ExchangeKey = {
  account: '',
  key: '',
  secret: '',
  passphrase: '',
  ecPublic: '',
  ecPrivate: '',
  edPublic: '',
  edPrivate: '',
  canTrade: false,
  canWithdraw: false,
};

function parse(text: string): { id?: unknown; method?: unknown; params?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Below.
  }
  throw new Refusal(-1135, 'Invalid JSON Request');
}

/** A number, a text of at most 36, or none. @throws Refusal */
function idOf(id: unknown): number | string | null {
  if (id === undefined || id === null) return null;
  if (typeof id === 'number' || (typeof id === 'string' && id.length <= 36)) return id;
  throw new Refusal(
    -1135,
    "Invalid 'id' in JSON request; expected an integer, a string of at most 36 characters or null.",
  );
}

/** Values as they are signed. */
function parametersOf(params: unknown): URLSearchParams {
  const parameters = new URLSearchParams();
  if (typeof params !== 'object' || params === null) return parameters;
  for (const [name, value] of Object.entries(params)) {
    parameters.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return parameters;
}

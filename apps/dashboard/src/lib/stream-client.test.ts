import type { SessionInfo } from 'quotewright/server/protocol/session';
import type { ServerMessage } from 'quotewright/server/protocol/stream';
import { describe, expect, test } from 'vitest';
import { type SocketEvents, StreamClient } from './stream-client.ts';

const session = (epoch: string): SessionInfo => ({
  epoch,
  id: null,
  mode: 'simulation',
  isDryRun: false,
  version: '0',
  seed: 1,
  startedMs: 0,
  speed: 1,
  epochDayMs: 0,
  instruments: [],
  strategies: [],
});

interface Said {
  readonly op: string;
  readonly id?: number;
}

/** A world with a clock that is turned by hand and sockets of paper. */
class PaperWorld {
  nowMs = 1000;
  held: string | undefined;
  given: string | undefined;
  asked = 0;
  readonly sockets: { readonly events: SocketEvents; readonly said: Said[]; isClosed: boolean }[] = [];
  private timers: { readonly atMs: number; readonly what: () => void }[] = [];

  connect(events: SocketEvents) {
    const socket = { events, said: [] as Said[], isClosed: false };
    this.sockets.push(socket);
    return {
      send: (text: string) => void socket.said.push(JSON.parse(text)),
      close: () => {
        socket.isClosed = true;
      },
    };
  }
  now = (): number => this.nowMs;
  random = (): number => 0.5;
  token = (): string | undefined => this.held;
  forgetToken = (): void => {
    this.held = undefined;
  };
  askToken = async (): Promise<string | undefined> => {
    this.asked++;
    return this.given;
  };
  after = (ms: number, what: () => void): (() => void) => {
    const timer = { atMs: this.nowMs + ms, what };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  };

  pass(ms: number): void {
    const until = this.nowMs + ms;
    for (;;) {
      const [next] = this.timers.filter((one) => one.atMs <= until).toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.nowMs = next.atMs;
      next.what();
    }
    this.nowMs = until;
  }

  get socket() {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('not connected');
    return socket;
  }

  tell(message: ServerMessage): void {
    this.socket.events.onMessage(JSON.stringify(message));
  }

  greet(epoch: string): void {
    this.socket.events.onOpen();
    this.tell({ op: 'hello', session: session(epoch), wallMs: 0 });
  }

  update(type: 'snapshot' | 'delta', seq: number, items: readonly number[], from?: number): void {
    this.tell({ op: 'update', topic: 'fills', type, seq, from, timeMs: 0, wallMs: 0, data: { items } });
  }

  /** Without pings. */
  get said(): Said[] {
    return this.socket.said.filter((one) => one.op !== 'ping');
  }
}

function begin() {
  const world = new PaperWorld();
  const client = new StreamClient(world);
  client.connect();
  return { world, client };
}

const nothing = (): void => {};

describe('a stream client', () => {
  test('subscribes when it is greeted, and merges', () => {
    const { world, client } = begin();
    const seen: unknown[] = [];
    client.subscribe('fills', (data) => seen.push(data));
    expect(client.connection.state).toBe('connecting');
    world.greet('a');
    expect(client.connection.state).toBe('live');
    expect(world.said).toEqual([{ op: 'subscribe', topics: ['fills'] }]);
    world.update('snapshot', 4, [1]);
    world.update('delta', 6, [2, 3], 4);
    expect(seen).toEqual([{ items: [1] }, { items: [1, 2, 3] }]);
  });

  test('asks the server once for a topic however many listen, and tells who comes later at once', () => {
    const { world, client } = begin();
    world.greet('a');
    const stopFirst = client.subscribe('fills', nothing);
    world.update('snapshot', 1, [7]);
    let late: unknown;
    const stopSecond = client.subscribe('fills', (data) => {
      late = data;
    });
    expect(late).toEqual({ items: [7] });
    stopFirst();
    world.pass(5000);
    expect(world.said).toEqual([{ op: 'subscribe', topics: ['fills'] }]);
    stopSecond();
    world.pass(5000);
    expect(world.said.at(-1)).toEqual({ op: 'unsubscribe', topics: ['fills'] });
  });

  test('keeps a topic that is left and wanted again soon after', () => {
    const { world, client } = begin();
    world.greet('a');
    client.subscribe('fills', nothing)();
    world.pass(100);
    client.subscribe('fills', nothing);
    world.pass(5000);
    expect(world.said).toEqual([{ op: 'subscribe', topics: ['fills'] }]);
  });

  test('goes on after a drop where it was', () => {
    const { world, client } = begin();
    client.subscribe('fills', nothing);
    client.subscribe('pnl', nothing);
    world.greet('a');
    world.update('snapshot', 9, [1]);
    world.socket.events.onClose();
    expect(client.connection).toMatchObject({ state: 'lost', sinceMs: world.nowMs });
    world.pass(10_000);
    world.greet('a');
    expect(world.said).toEqual([{ op: 'subscribe', topics: [{ topic: 'fills', epoch: 'a', seq: 9 }, 'pnl'] }]);
    world.update('delta', 10, [2], 9);
    expect(client.topic('fills')?.data).toEqual({ items: [1, 2] });
  });

  test('takes a snapshot of a restarted server, and no delta before it', () => {
    const { world, client } = begin();
    client.subscribe('fills', nothing);
    world.greet('a');
    world.update('snapshot', 9, [1]);
    world.socket.events.onClose();
    world.pass(10_000);
    world.greet('b');
    expect(world.said).toEqual([{ op: 'subscribe', topics: ['fills'] }]);
    world.update('delta', 10, [2], 9);
    expect(client.topic('fills')?.data).toEqual({ items: [1] });
    world.update('snapshot', 2, [5]);
    world.update('delta', 3, [6], 2);
    expect(client.topic('fills')?.data).toEqual({ items: [5, 6] });
  });

  test('subscribes anew at a gap, and forgets what comes before the snapshot', () => {
    const { world, client } = begin();
    client.subscribe('fills', nothing);
    world.greet('a');
    world.update('snapshot', 1, [1]);
    world.update('delta', 3, [3], 2);
    world.update('delta', 4, [4], 3);
    expect(world.said.slice(1)).toEqual([
      { op: 'unsubscribe', topics: ['fills'] },
      { op: 'subscribe', topics: ['fills'] },
    ]);
    world.update('snapshot', 4, [1, 2, 3, 4]);
    expect(client.topic('fills')?.data).toEqual({ items: [1, 2, 3, 4] });
  });

  test('takes no delta twice', () => {
    const { world, client } = begin();
    client.subscribe('fills', nothing);
    world.greet('a');
    world.update('snapshot', 3, [1]);
    world.update('delta', 3, [1], 2);
    expect(client.topic('fills')?.data).toEqual({ items: [1] });
  });

  test('waits longer each time, and no longer than eight seconds', () => {
    const { world } = begin();
    const gaps: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      const before = world.nowMs;
      const { length } = world.sockets;
      world.socket.events.onClose();
      while (world.sockets.length === length) world.pass(1);
      gaps.push(world.nowMs - before);
    }
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(gaps[0]).toBeLessThan(250);
    expect(gaps.at(-1)).toBeLessThanOrEqual(8000);
  });

  test('takes silence for a dead connection', () => {
    const { world, client } = begin();
    world.greet('a');
    world.pass(13_000);
    expect(world.sockets[0]?.isClosed).toBe(true);
    expect(client.connection.state).toBe('lost');
    expect(world.sockets.length).toBeGreaterThan(1);
  });

  test('measures the round trip', () => {
    const { world, client } = begin();
    world.greet('a');
    world.pass(2000);
    const id = world.socket.said.at(-1)?.id;
    world.pass(30);
    world.tell({ op: 'pong', id, wallMs: 0 });
    expect(client.connection.latencyMs).toBe(30);
  });

  test('says that the session is over until another begins', () => {
    const { world, client } = begin();
    world.greet('a');
    world.tell({ op: 'session', session: session('a'), isOver: true });
    world.socket.events.onClose();
    expect(client.connection.state).toBe('over');
    world.pass(10_000);
    world.greet('b');
    expect(client.connection.state).toBe('live');
  });

  test('asks for a token where reading needs one, and not again when none is given', async () => {
    const { world } = begin();
    world.socket.events.onOpen();
    world.tell({ op: 'error', code: 'no-token', detail: 'a token comes first' });
    await Promise.resolve();
    world.tell({ op: 'error', code: 'no-token', detail: 'a token comes first' });
    await Promise.resolve();
    expect(world.asked).toBe(1);
    expect(world.said).toEqual([]);
  });

  test('says the token it was given, and first of all the one it holds', async () => {
    const { world } = begin();
    world.given = 'secret';
    world.held = 'old';
    world.socket.events.onOpen();
    expect(world.said).toEqual([{ op: 'auth', token: 'old' }]);
    world.tell({ op: 'error', code: 'wrong-token', detail: 'the token is not known' });
    expect(world.held).toBeUndefined();
    await Promise.resolve();
    await Promise.resolve();
    expect(world.said.at(-1)).toEqual({ op: 'auth', token: 'secret' });
  });
});

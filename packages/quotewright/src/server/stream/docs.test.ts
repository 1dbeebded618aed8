/** docs/stream.md: its conversation is what the server says, byte by byte, and its numbers are those of the code. */
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Packr } from 'msgpackr';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { BOOK_LEVELS, LIST_LENGTH } from '../protocol/stream.ts';
import type { SessionInfo } from '../protocol/session.ts';
import { ScriptedSource } from './testing/scripted-source.ts';
import { startSocketServer } from './testing/socket-server.ts';

const DOCS = readFileSync(new URL('../../../../../docs/stream.md', import.meta.url), 'utf8');
const NOW = 1795251660000;
const AT = { timeMs: 1767225660000.25, wallMs: 1795251659998.5 };
const SESSION: SessionInfo = {
  epoch: '5f0c',
  id: '20261121T090000Z',
  mode: 'simulation',
  isDryRun: false,
  version: '0.1.0',
  seed: 1,
  startedMs: 1795251600000,
  speed: 1,
  epochDayMs: 1767225600000,
  instruments: [],
  strategies: [{ index: 0, name: 'basic-maker', state: 'running' }],
};

afterEach(() => vi.useRealTimers());

test('the conversation of docs/stream.md is what the server says', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const lines = /```stream\n([\s\S]*?)\n```/u.exec(DOCS)![1]!.split('\n');
  const flags = { isReady: true, lastTicks: 6000010 };
  const book = new ScriptedSource('book:sim:BTC-USD', 'book', {
    bids: [
      [6000010, 12],
      [6000005, 30],
    ],
    asks: [
      [6000015, 8],
      [6000020, 25],
    ],
    ...flags,
  });
  const first = [1767225659100, 6000010, 3, -1];
  const second = [1767225660000, 6000010, 12, -1];
  const trades = new ScriptedSource('trades:sim:BTC-USD', 'list', { items: [first] });
  let session = SESSION;
  await using server = await startSocketServer([book, trades], { session: () => session, at: AT });
  const { hub, url } = server;
  let nowMs = 0;
  const tick = (): void => hub.tick((nowMs += 10));
  let frames: string[] = [];
  let socket = new WebSocket(url);
  const listen = (): void => {
    frames = [];
    socket.on('message', (data: Buffer) => frames.push(data.toString()));
  };
  listen();
  const events: Readonly<Record<string, () => void>> = {
    '# a bid is taken': () => {
      book.change(
        {
          bids: [
            [6000010, 0],
            [6000005, 31],
          ],
          asks: [],
          ...flags,
        },
        {},
      );
      trades.change({ items: [second] }, { items: [first, second] });
    },
    '# the line breaks, the market moves twice, the client is back': () => {
      socket.terminate();
      book.change({ bids: [], asks: [[6000015, 0]], ...flags }, {});
      tick();
      book.change({ bids: [[6000015, 4]], asks: [[6000020, 20]], isReady: true, lastTicks: 6000015 }, {});
      socket = new WebSocket(url);
      listen();
    },
    '# the strategy is paused': () => {
      session = { ...SESSION, strategies: [{ index: 0, name: 'basic-maker', state: 'paused' }] };
    },
  };
  for (const line of lines) {
    if (line.startsWith('← ')) {
      // What was asked for may be on its way still.
      while (frames.length === 0) {
        tick();
        await nextTurn();
      }
      expect(frames.shift()).toBe(line.slice(2));
    } else if (line.startsWith('→ ')) {
      socket.send(line.slice(2));
    } else {
      events[line]!();
    }
  }
  expect(frames).toEqual([]);
  socket.terminate();
});

test('the numbers of docs/stream.md are those of the protocol', () => {
  expect(DOCS).toContain(`${BOOK_LEVELS} levels a side`);
  expect(DOCS).toContain(`the last ${LIST_LENGTH.trades} prints`);
  expect(DOCS).toContain(`\`heatmap\` ${LIST_LENGTH.heatmap.toLocaleString('en')}`);
  const [, hex] = /`\{"op":"ping","id":7\}` is `([0-9a-f]+)`/u.exec(DOCS)!;
  expect(new Packr({ useRecords: false, variableMapSize: true }).pack({ op: 'ping', id: 7 }).toString('hex')).toBe(hex);
});

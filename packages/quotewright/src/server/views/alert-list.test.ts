import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../alerts/alert.ts';
import { historyFile } from '../../alerts/alert-history.ts';
import { tempFolder } from '../../data/testing/files.ts';
import { AlertList, AlertTopic } from './alert-list.ts';

const folder = tempFolder();

function alertOf(number: number | null, second: number, text = 'WARNING BOOK_STALE'): Alert {
  return {
    number,
    time: new Date(1_767_571_200_000 + 1000 * second).toISOString(),
    type: 'BOOK_STALE',
    severity: 'WARNING',
    instrument: null,
    value: null,
    limit: null,
    detail: null,
    heldBack: 0,
    text,
  };
}

describe('alerts of a session', () => {
  it('are those of its history and those that come, each once', async () => {
    const dir = folder.fresh();
    const who = { user: 'me', pid: 1, role: 'cli' };
    const lines = [
      { kind: 'alert', ...alertOf(1, 1) },
      { kind: 'alert', ...alertOf(2, 2) },
      { kind: 'ack', number: 1, time: '2026-01-05T00:00:09.000Z', who },
      { kind: 'alert', ...alertOf(null, 3, 'of the host') },
      // After a crash a number is given out again.
      { kind: 'alert', ...alertOf(2, 4, 'another') },
    ];
    for (const line of lines) appendFileSync(historyFile(dir), `${JSON.stringify(line)}\n`);
    appendFileSync(historyFile(dir), '{"kind":"alert","num');
    const list = await AlertList.open(dir);
    // Written to the history and told of at the same time.
    list.add(alertOf(2, 4, 'another'));
    list.add(alertOf(3, 5));
    list.acknowledge(2);
    list.acknowledge(99);
    expect(
      list.items.map(({ key, isAcknowledged, timeMs }) => [key, isAcknowledged, timeMs - 1_767_571_200_000]),
    ).toEqual([
      ['1', true, 1000],
      ['2', false, 2000],
      ['host-1', false, 3000],
      ['2.2', true, 4000],
      ['3', false, 5000],
    ]);
  });

  it('are told again when they are acknowledged, in place of what was', async () => {
    const list = await AlertList.open(undefined);
    const topic = new AlertTopic(list);
    for (let number = 1; number <= 700; number++) list.add(alertOf(number, number, `text ${number}`));
    expect(topic.poll()?.items).toHaveLength(500);
    expect(topic.poll()).toBeUndefined();
    list.acknowledge(650);
    expect(topic.poll()?.items.map(({ key, isAcknowledged }) => [key, isAcknowledged])).toEqual([['650', true]]);
    const { items } = topic.snapshot();
    expect(items.map(({ number }) => number)).toEqual(Array.from({ length: 500 }, (_, i) => 201 + i));
    expect(items.filter(({ isAcknowledged }) => isAcknowledged).map(({ number }) => number)).toEqual([650]);
  });
});

/** Questions to the trading thread: each gets its own answer, or is told why there is none. */
import { describe, expect, it } from 'vitest';
import { thisProcess } from '../audit/actor.ts';
import { Asker } from './asker.ts';
import type { FromServer } from './link.ts';

const request = { ask: 'kill', who: thisProcess('test') } as const;

function asker(patienceMs?: number): { asker: Asker; ids: () => number[] } {
  const posted: FromServer[] = [];
  const ids = (): number[] => posted.flatMap((message) => (message.type === 'ask' ? [message.id] : []));
  return { asker: new Asker((message) => posted.push(message), patienceMs), ids };
}

describe('questions to the trading thread', () => {
  it('get their own answers, in whatever order these come', async () => {
    const { asker: asking, ids } = asker();
    const replies = [asking.ask(request), asking.ask(request)];
    const [first, second] = ids();
    asking.answered(second!, { text: 'second' });
    asking.answered(first!, { text: 'first' });
    asking.answered(999, { text: 'of nobody' });
    asking.answered(first!, { text: 'again' });
    expect(await Promise.all(replies)).toEqual([{ text: 'first' }, { text: 'second' }]);
  });

  it('that nobody answers end', async () => {
    const { asker: asking } = asker(1);
    await expect(asking.ask(request)).rejects.toMatchObject({ code: 'no-answer', status: 504 });
  });

  it('end with the session, and cannot be asked after it', async () => {
    const { asker: asking } = asker();
    const reply = asking.ask(request);
    asking.end();
    await expect(reply).rejects.toMatchObject({ code: 'session-over' });
    await expect(asking.ask(request)).rejects.toMatchObject({ code: 'session-over' });
  });

  it('are not kept without end', async () => {
    const { asker: asking } = asker();
    const replies = Array.from({ length: 256 }, () => asking.ask(request));
    await expect(asking.ask(request)).rejects.toMatchObject({ code: 'too-many-requests' });
    asking.end();
    const all = await Promise.allSettled(replies);
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['rejected']));
  });
});

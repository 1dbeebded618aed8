import { expect, test } from 'vitest';
import { Reject } from './records.ts';
import { DeskHarness, TIMEOUT_NS } from './testing/desk-harness.ts';

const START = ['PENDING_NEW', 'LIVE', 'PENDING_CANCEL', 'PENDING_AMEND', 'UNKNOWN'] as const;
const END = ['FILLED', 'CANCELLED', 'REJECTED'] as const;

/** Brings a bid of 10 at 100 into a state; an amendment asks for 12 at 101. */
function inState(state: string): { harness: DeskHarness; id: number } {
  const harness = new DeskHarness();
  const { desk } = harness;
  const id = harness.place();
  if (state === 'REJECTED') harness.report('REJECT', id, { aux: Reject.BAD_PRICE });
  else if (state !== 'PENDING_NEW') harness.report('ACK', id, { price: 100, size: 10 });
  if (state === 'PENDING_CANCEL') desk.cancel(id, 0);
  else if (state === 'PENDING_AMEND') desk.amend(id, 101, 12, 0);
  else if (state === 'UNKNOWN') desk.disconnect(desk.slotOf(id), 0);
  else if (state === 'FILLED') harness.report('FILL', id, { price: 100, size: 10, seq: 1 });
  else if (state === 'CANCELLED') harness.report('CANCELLED', id, { size: 10, aux: Reject.REQUESTED });
  expect(harness.state(id)).toBe(state);
  return { harness, id };
}

type Act = (harness: DeskHarness, id: number) => unknown;
const INPUTS: Readonly<Record<string, Act>> = {
  ack: (h, id) => h.report('ACK', id, { price: 100, size: 10 }),
  reject: (h, id) => h.report('REJECT', id, { aux: Reject.OVERLOADED }),
  'partial fill': (h, id) => h.report('FILL', id, { price: 100, size: 4, seq: 7 }),
  fill: (h, id) => h.report('FILL', id, { price: 100, size: 12, seq: 7 }),
  cancelled: (h, id) => h.report('CANCELLED', id, { size: 10, aux: Reject.REQUESTED }),
  'cancel refused': (h, id) => h.report('CANCEL_REJECT', id, { aux: Reject.OVERLOADED }),
  'cancel denied': (h, id) => h.report('CANCEL_REJECT', id, { aux: Reject.UNKNOWN_ORDER }),
  amended: (h, id) => h.report('AMENDED', id, { price: 101, size: 12 }),
  'amend refused': (h, id) => h.report('AMEND_REJECT', id, { aux: Reject.POST_ONLY_WOULD_TAKE }),
  'amend denied': (h, id) => h.report('AMEND_REJECT', id, { aux: Reject.UNKNOWN_ORDER }),
  'seen open': (h, id) => h.report('STATUS', id, { price: 100, size: 10, aux: 0 }),
  'seen gone': (h, id) => h.report('STATUS', id, { size: 0, aux: 0 }),
  'time-out': (h) => h.desk.timeOut(TIMEOUT_NS),
  disconnected: (h, id) => h.desk.disconnect(h.desk.slotOf(id), 5),
  'send cancel': (h, id) => h.desk.cancel(id, 5),
  'send amend': (h, id) => h.desk.amend(id, 99, 8, 5),
};

/** What is expected, written down by hand from the venues' ways: for each input the state after it, by state before. */
const EXPECTED: Readonly<Record<string, Readonly<Record<(typeof START)[number], string>>>> = {
  ack: { PENDING_NEW: 'LIVE', LIVE: '=', PENDING_CANCEL: '=', PENDING_AMEND: '=', UNKNOWN: 'LIVE' },
  reject: {
    PENDING_NEW: 'REJECTED',
    LIVE: 'UNKNOWN',
    PENDING_CANCEL: 'REJECTED',
    PENDING_AMEND: 'UNKNOWN',
    UNKNOWN: 'REJECTED',
  },
  'partial fill': { PENDING_NEW: 'LIVE', LIVE: '=', PENDING_CANCEL: '=', PENDING_AMEND: '=', UNKNOWN: '=' },
  fill: { PENDING_NEW: 'FILLED', LIVE: 'FILLED', PENDING_CANCEL: 'FILLED', PENDING_AMEND: 'FILLED', UNKNOWN: 'FILLED' },
  cancelled: {
    PENDING_NEW: 'CANCELLED',
    LIVE: 'CANCELLED',
    PENDING_CANCEL: 'CANCELLED',
    PENDING_AMEND: 'CANCELLED',
    UNKNOWN: 'CANCELLED',
  },
  'cancel refused': { PENDING_NEW: '=', LIVE: '=', PENDING_CANCEL: 'LIVE', PENDING_AMEND: '=', UNKNOWN: '=' },
  'cancel denied': {
    PENDING_NEW: '=',
    LIVE: 'UNKNOWN',
    PENDING_CANCEL: 'UNKNOWN',
    PENDING_AMEND: 'UNKNOWN',
    UNKNOWN: '=',
  },
  amended: { PENDING_NEW: 'LIVE', LIVE: '=', PENDING_CANCEL: '=', PENDING_AMEND: 'LIVE', UNKNOWN: 'LIVE' },
  'amend refused': { PENDING_NEW: '=', LIVE: '=', PENDING_CANCEL: '=', PENDING_AMEND: 'LIVE', UNKNOWN: 'LIVE' },
  'amend denied': {
    PENDING_NEW: '=',
    LIVE: 'UNKNOWN',
    PENDING_CANCEL: 'UNKNOWN',
    PENDING_AMEND: 'UNKNOWN',
    UNKNOWN: '=',
  },
  'seen open': { PENDING_NEW: 'LIVE', LIVE: '=', PENDING_CANCEL: '=', PENDING_AMEND: '=', UNKNOWN: 'LIVE' },
  'seen gone': {
    PENDING_NEW: '=',
    LIVE: 'CANCELLED',
    PENDING_CANCEL: 'CANCELLED',
    PENDING_AMEND: 'CANCELLED',
    UNKNOWN: 'CANCELLED',
  },
  'time-out': { PENDING_NEW: 'UNKNOWN', LIVE: '=', PENDING_CANCEL: 'UNKNOWN', PENDING_AMEND: 'UNKNOWN', UNKNOWN: '=' },
  disconnected: {
    PENDING_NEW: 'UNKNOWN',
    LIVE: 'UNKNOWN',
    PENDING_CANCEL: 'UNKNOWN',
    PENDING_AMEND: 'UNKNOWN',
    UNKNOWN: '=',
  },
  'send cancel': {
    PENDING_NEW: '=',
    LIVE: 'PENDING_CANCEL',
    PENDING_CANCEL: '=',
    PENDING_AMEND: '=',
    UNKNOWN: 'PENDING_CANCEL',
  },
  'send amend': { PENDING_NEW: '=', LIVE: 'PENDING_AMEND', PENDING_CANCEL: '=', PENDING_AMEND: '=', UNKNOWN: '=' },
};

for (const [input, act] of Object.entries(INPUTS)) {
  for (const before of START) {
    const expected = EXPECTED[input]![before];
    const after = expected === '=' ? before : expected;
    test(`${before}, ${input}: ${after}`, () => {
      const { harness, id } = inState(before);
      act(harness, id);
      expect(harness.state(id)).toBe(after);
      const isFinished = (END as readonly string[]).includes(after);
      expect(harness.desk.count(0, 0)).toBe(isFinished ? 0 : 1);
      expect(harness.desk.openLots(0, 0, 0)).toBe(harness.desk.openLotsAt(harness.desk.slotOf(id)));
      // A time-out is awaited exactly while a request is in flight.
      expect(harness.desk.nextTimeoutNs < Infinity).toBe(after.startsWith('PENDING'));
    });
  }
  for (const before of END) {
    test(`${before}, ${input}: nothing but a late execution counts`, () => {
      const { harness, id } = inState(before);
      const shown = harness.show(id);
      const answer = act(harness, id);
      expect(harness.state(id)).toBe(before);
      expect(harness.desk.count(0, 0)).toBe(0);
      expect(harness.desk.openLots(0, 0, 0)).toBe(0);
      if (input.endsWith('fill')) {
        const isOver = before === 'FILLED' || input === 'fill';
        expect(answer).toBe(isOver ? 'CHANGED+FILL+LATE+OVERFILL' : 'CHANGED+FILL+LATE');
      } else expect(harness.show(id)).toBe(shown);
    });
  }
}

test('denied twice, a time-out apart, an order is gone; a second denial before that is not evidence', () => {
  const { harness, id } = inState('PENDING_CANCEL');
  harness.report('CANCEL_REJECT', id, { aux: Reject.UNKNOWN_ORDER });
  harness.nowNs = TIMEOUT_NS - 1;
  harness.desk.cancel(id, harness.nowNs);
  harness.report('CANCEL_REJECT', id, { aux: Reject.UNKNOWN_ORDER });
  expect(harness.state(id)).toBe('UNKNOWN');
  harness.nowNs = TIMEOUT_NS;
  harness.desk.cancel(id, harness.nowNs);
  expect(harness.report('CANCEL_REJECT', id, { aux: Reject.UNKNOWN_ORDER })).toBe('CHANGED+FINISHED');
  expect(harness.state(id)).toBe('CANCELLED');
  expect(harness.desk.reasonAt(harness.desk.slotOf(id))).toBe(Reject.UNKNOWN_ORDER);
});

test('a sign of life wipes out a denial', () => {
  const { harness, id } = inState('PENDING_CANCEL');
  harness.report('CANCEL_REJECT', id, { aux: Reject.UNKNOWN_ORDER });
  harness.report('STATUS', id, { price: 100, size: 10, aux: 0 });
  harness.nowNs = 10 * TIMEOUT_NS;
  harness.desk.cancel(id, harness.nowNs);
  harness.report('CANCEL_REJECT', id, { aux: Reject.UNKNOWN_ORDER });
  expect(harness.state(id)).toBe('UNKNOWN');
});

test('a refusal that does not look for the order says nothing of one that was not known before', () => {
  for (const aux of [Reject.OVERLOADED, Reject.HALTED]) {
    const { harness, id } = inState('UNKNOWN');
    harness.desk.cancel(id, 5);
    harness.report('CANCEL_REJECT', id, { aux });
    expect(harness.state(id)).toBe('UNKNOWN');
    harness.desk.cancel(id, 6);
    harness.report('ACK', id, { price: 100, size: 10 });
    harness.report('CANCEL_REJECT', id, { aux });
    expect(harness.state(id)).toBe('LIVE');
  }
});

test('what is refused for any other reason, however often, is not gone', () => {
  const { harness, id } = inState('PENDING_CANCEL');
  for (let i = 0; i < 3; i++) {
    harness.report('CANCEL_REJECT', id, { aux: Reject.OTHER });
    expect(harness.state(id)).toBe('UNKNOWN');
    harness.nowNs += 2 * TIMEOUT_NS;
    harness.desk.cancel(id, harness.nowNs);
  }
});

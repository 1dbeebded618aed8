import { afterEach, expect, it } from 'vitest';
import { measureOffset } from './clock-offset.ts';
import { LiveClock } from './live-clock.ts';
import { ScriptedServer } from './testing/scripted-server.ts';
import { scriptedVenue, settingsFor } from './testing/scripted-venue.ts';
import { VenueAccess } from './venue-access.ts';

const STEP_MS = 200;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A venue whose clock is so far ahead of ours, and tells the middle of its step. */
async function coarse(aheadMs: number): Promise<{ access: VenueAccess; asked: () => number }> {
  let asked = 0;
  const clock = new LiveClock(Math.floor(Date.now() / 86_400_000));
  const server = await ScriptedServer.start({
    http: (_request, response) => {
      asked++;
      const theirsMs = clock.nowMs() + aheadMs;
      response.end(String(Math.floor(theirsMs / STEP_MS) * STEP_MS + STEP_MS / 2));
    },
  });
  const venue = { ...scriptedVenue(), timeStepMs: STEP_MS };
  const access = VenueAccess.open({ venue, settings: settingsFor(server), clock });
  open.push(access, server);
  return { access, asked: () => asked };
}

it.each([0, 37, -70, 5123, -86_400_000.5])('finds %d ms on a clock of coarse steps', async (aheadMs) => {
  const { access } = await coarse(aheadMs);
  const { offsetMs, errorMs } = await measureOffset(access);
  // What it says of itself is true, and each answer has told something.
  expect(Math.abs(offsetMs - aheadMs)).toBeLessThanOrEqual(errorMs + 1e-3);
  expect(access.clock.offset('scripted')?.errorMs).toBe(errorMs);
});

it('says of one answer that it bounds the difference to a step and the way', async () => {
  const { access, asked } = await coarse(0);
  const { errorMs } = await measureOffset(access, 1);
  expect(asked()).toBe(1);
  expect(errorMs).toBeGreaterThanOrEqual(STEP_MS / 2);
  const { errorMs: after } = await measureOffset(access);
  expect(after).toBeLessThan(errorMs);
});

it('does not believe a clock that says nothing of its steps to the millisecond, when it tells whole seconds', async () => {
  const clock = new LiveClock(Math.floor(Date.now() / 86_400_000));
  const server = await ScriptedServer.start({
    http: (_request, response) => response.end(String(Math.floor(clock.nowMs() / 1000) * 1000)),
  });
  const access = VenueAccess.open({ venue: scriptedVenue(), settings: settingsFor(server), clock });
  open.push(access, server);
  const { offsetMs, errorMs } = await measureOffset(access);
  expect(Math.abs(offsetMs)).toBeLessThanOrEqual(errorMs);
});

it('gives up a venue that does not answer after the second time', async () => {
  let asked = 0;
  const server = await ScriptedServer.start({
    http: (request) => {
      asked++;
      request.socket.destroy();
    },
  });
  const access = VenueAccess.open({
    venue: scriptedVenue(),
    settings: settingsFor(server),
    clock: new LiveClock(20_000),
  });
  open.push(access, server);
  await expect(measureOffset(access)).rejects.toMatchObject({ code: 'NETWORK' });
  expect(asked).toBe(2);
});

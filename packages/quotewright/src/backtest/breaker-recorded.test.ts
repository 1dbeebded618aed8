import { LocalMarket, Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE, EventKind, Field } from '@quotewright/core/market/event';
import { AlertDesk } from '@quotewright/core/risk/alert-desk';
import { AlertType } from '@quotewright/core/risk/alert';
import { Breaker } from '@quotewright/core/risk/breaker';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../data/formats.ts';
import { sharedData } from '../data/testing/files.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;

/** Plays a recording to a breaker with the usual settings. */
async function play(name: string): Promise<{ breaker: Breaker; alerts: AlertDesk; rows: number }> {
  const recording = await openRecording(sharedData(name));
  const alerts = new AlertDesk();
  const locals: LocalMarket[] = [];
  let breaker: Breaker | undefined;
  let rows = 0;
  for await (const { data, length } of recording.batches()) {
    if (breaker === undefined) {
      locals.push(new LocalMarket(0, recording.instruments[0]!, recording.isL3, Mark.MID));
      breaker = new Breaker(locals, alerts);
    }
    for (let at = 0; at < length * EVENT_STRIDE; at += EVENT_STRIDE) {
      if (Number.isNaN(data[at + LOCAL_NS]!)) data[at + LOCAL_NS] = data[at + VENUE_NS]!;
      const hasChanged = locals[0]!.apply(data, at);
      if ((data[at + HEAD]! & 0xff) === EventKind.TRADE) breaker.trade(0, data, at);
      if (hasChanged) breaker.book(locals[0]!);
    }
    rows += length;
  }
  return { breaker: breaker!, alerts, rows };
}

describe('the usual thresholds on recorded markets', () => {
  it.each(['usdm_btcusdt_20240808', 'spot_btcusdt_20240809'])(
    'nothing trips on %s, and the clock that is known to be behind is noticed',
    async (name) => {
      const { breaker, alerts, rows } = await play(`binance_ws/${name}.gz`);
      expect(rows).toBeGreaterThan(200_000);
      expect(breaker.trips).toEqual([]);
      const [skew] = alerts.query({ type: AlertType.CLOCK_SKEW });
      // 1.27 s, less the way of the fastest message.
      expect(skew!.value).toBeGreaterThan(1100);
      expect(skew!.value).toBeLessThan(1300);
    },
  );
});

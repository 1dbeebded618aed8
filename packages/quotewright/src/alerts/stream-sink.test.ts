import { Instrument } from '@quotewright/core/market/instrument';
import { expect, test } from 'vitest';
import { thisProcess } from '../audit/actor.ts';
import { AlertCenter } from './alert-center.ts';
import { StreamSink } from './stream-sink.ts';

const instrument = new Instrument({
  venue: 'v',
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  tick: '0.5',
  lot: '0.001',
  contract: 'linear',
});

test('who looks is told of every alert and acknowledgement, and nobody before and after', async () => {
  const stream = new StreamSink();
  const center = await AlertCenter.open({ instruments: [instrument], epochDay: 0, stream });
  const told: string[] = [];
  const raise = (detail: string): void => center.raise({ type: 'SYSTEM_ERROR', severity: 'INFO', detail }, 0);
  raise('before');
  stream.open({
    alert: ({ detail }) => void told.push(detail ?? ''),
    acknowledged: (number) => void told.push(`acknowledged ${number}`),
  });
  raise('now');
  center.acknowledged(7, thisProcess('test'));
  await center.close();
  raise('after');
  expect(told).toEqual(['now', 'acknowledged 7']);
  expect(stream.counts).toEqual({ delivered: 1, failed: 0, retried: 0, dropped: 0 });
});

/** The webhook: what it sends, to receivers that are well, ill, slow and dead. */
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { Redactor } from '../audit/redactor.ts';
import { sampleAlert } from './testing/sample.ts';
import { type WebhookOptions, WebhookSink } from './webhook-sink.ts';

interface Received {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A receiver that answers its n-th message with the n-th status, the last one again and again; 0 = never. */
async function receiver(...statuses: readonly number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const status = statuses[Math.min(received.length, statuses.length - 1)]!;
      received.push({ body, headers: request.headers });
      if (status !== 0) response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/hook`, received };
}

function sinkTo(url: string, options: Partial<WebhookOptions> = {}): WebhookSink {
  return new WebhookSink({
    name: 'webhook test',
    url,
    secret: 'whsec-of-the-test',
    timeoutMs: 2000,
    attempts: 5,
    backoffMs: 1,
    queue: 10,
    redactor: new Redactor(),
    ...options,
  });
}

/** Long enough for all that a test sends. */
const AMPLE_MS = 10_000;

describe('the webhook', () => {
  it('delivers in order, each message signed over its time and body', async () => {
    const { url, received } = await receiver(200);
    const sink = sinkTo(url);
    for (let i = 1; i <= 3; i++) sink.send(sampleAlert(i));
    await sink.close(AMPLE_MS);
    expect(sink.counts).toEqual({ delivered: 3, failed: 0, retried: 0, dropped: 0 });
    expect(received.map(({ body }) => Reflect.get(Object(JSON.parse(body)), 'number'))).toEqual([1, 2, 3]);
    for (const { body, headers } of received) {
      const [, time = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-quotewright-signature'])) ?? [];
      expect(mac).toBe(createHmac('sha256', 'whsec-of-the-test').update(`${time}.${body}`).digest('hex'));
      expect(headers['content-type']).toBe('application/json');
    }
  });

  it('is sent again until a receiver that fails three times has taken it', async () => {
    const { url, received } = await receiver(500, 503, 429, 200);
    const sink = sinkTo(url);
    sink.send(sampleAlert(1));
    await sink.close(AMPLE_MS);
    expect(sink.counts).toEqual({ delivered: 1, failed: 0, retried: 3, dropped: 0 });
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  it.each([
    ['gives up after its trials', 500, 5],
    ['does not insist where it is refused for good', 403, 1],
    ['does not follow to another address', 302, 1],
  ])('%s, and goes on with the next', async (_, status, trials) => {
    const { url, received } = await receiver(...Array.from({ length: trials }, () => status), 200);
    const sink = sinkTo(url);
    sink.send(sampleAlert(1));
    sink.send(sampleAlert(2));
    await sink.close(AMPLE_MS);
    expect(sink.counts).toMatchObject({ delivered: 1, failed: 1 });
    expect(received).toHaveLength(trials + 1);
  });

  it('holds nobody up when nobody answers: it takes what it has room for, keeps the severest, and ends when it is told', async () => {
    const { url, received } = await receiver(0);
    const sink = sinkTo(url, { queue: 10, timeoutMs: 600_000 });
    for (let i = 1; i <= 5000; i++) sink.send(sampleAlert(i, i === 7 ? 'EMERGENCY' : 'INFO'));
    // Nothing has been awaited yet: sending is done, and not one message has left.
    expect(received).toHaveLength(0);
    expect(sink.counts).toEqual({ delivered: 0, failed: 0, retried: 0, dropped: 5000 - 1 - 10 });
    await sink.close(20);
    expect(sink.counts).toEqual({ delivered: 0, failed: 1, retried: 0, dropped: 4999 });
  });

  it('tells the receiver how many were dropped on the way', async () => {
    const { url, received } = await receiver(200);
    const sink = sinkTo(url, { queue: 2 });
    for (const [i, severity] of (['INFO', 'EMERGENCY', 'INFO', 'WARNING'] as const).entries()) {
      sink.send(sampleAlert(i + 1, severity));
    }
    await sink.close(AMPLE_MS);
    const bodies: unknown[] = received.map(({ body }) => JSON.parse(body));
    expect(bodies).toMatchObject([{ number: 1 }, { number: 2, dropped: 1 }, { number: 4, dropped: 1 }]);
  });

  it('counts an address where nothing listens as a failure', async () => {
    const sink = sinkTo('http://127.0.0.1:1/', { attempts: 2 });
    sink.send(sampleAlert(1));
    await sink.close(AMPLE_MS);
    expect(sink.counts).toEqual({ delivered: 0, failed: 1, retried: 1, dropped: 0 });
  });

  it('never carries its own secret', async () => {
    const { url, received } = await receiver(200);
    const redactor = new Redactor();
    redactor.register('whsec-of-the-test');
    const sink = sinkTo(url, { redactor });
    sink.send(sampleAlert(1, 'INFO', 'it is whsec-of-the-test'));
    await sink.close(AMPLE_MS);
    expect(received[0]!.body).toContain('it is [redacted]');
  });
});

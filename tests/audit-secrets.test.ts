/** No secret gets out: everything that runs write, print and send is searched for the secrets that they were given. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditLines } from '../packages/quotewright/src/audit/testing/audit-lines.ts';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { SIMULATE, quotewright } from './support/command.ts';
import { receiver, start } from './support/session.ts';

const folder = tempFolder();

/** Planted: what signs messages, in the environment and in a file, and the token in an address. */
const PLANTED = { env: 'S3cr3t"of/the+env\\ünd', file: 's3cr3t-of-the-file-0123456789', token: 'T0K3N-in-the-address' };

/** As they would be found in outputs. */
function shapesOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    encodeURIComponent(secret),
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}

const leaksIn = (bytes: Buffer | string): string[] => {
  const hay = Buffer.from(bytes);
  return Object.values(PLANTED)
    .flatMap(shapesOf)
    .filter((shape) => hay.includes(shape));
};

function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('planted secrets', () => {
  it('are in nothing that a run leaves behind, prints or hands on', async () => {
    const { url, received } = await receiver(200);
    const dir = folder.fresh();
    const secretFile = folder.write('secret', `${PLANTED.file}\n`);
    const [journal, out] = [join(dir, 'journal'), join(dir, 'out')];
    const environment = join(dir, 'environment-of-a-program');
    const sinks = [
      { sink: 'webhook', url: { env: 'HOOK_URL' }, secret: { env: 'HOOK_SECRET' } },
      { sink: 'webhook', url, secret: { file: secretFile } },
      { sink: 'log', to: join(dir, 'log-text') },
      { sink: 'log', to: join(dir, 'log-json'), format: 'json' },
      { sink: 'log' },
      { sink: 'file', path: join(dir, 'sink.jsonl') },
      { sink: 'command', run: ['sh', '-c', `cat >> ${environment}; env >> ${environment}`] },
    ];
    const limits = { global: { max_order_size: 0.001 } };
    const risk = folder.write('risk.yaml', JSON.stringify({ limits, alerts: { throttle: '5s', sinks } }));
    const args = [
      ...SIMULATE,
      '--strategy',
      'basic-maker',
      '--duration',
      '30s',
      '--risk',
      risk,
      '--journal',
      journal,
      '--out',
      out,
    ];
    const ran = await start([...args, '--log-events', join(dir, 'events.jsonl')], {
      HOOK_URL: `${url}/${PLANTED.token}`,
      HOOK_SECRET: PLANTED.env,
    }).ended;
    expect(ran.status).toBe(0);

    // They were used, so that there was something to get out.
    expect(received.some(({ path }) => path === `/${PLANTED.token}`)).toBe(true);
    expect(received.every(({ signature }) => signature.startsWith('t='))).toBe(true);
    const reads = (await auditLines(journal)).filter(({ what }) => what === 'secret.read');
    expect(reads.map(({ after }) => after)).toEqual(['variable HOOK_URL', 'variable HOOK_SECRET', secretFile]);

    const files = filesIn(dir);
    for (const name of [
      'result.json',
      'events.jsonl',
      'alerts.jsonl',
      'audit-000001.jsonl',
      'sink.jsonl',
      'environment-of-a-program',
    ]) {
      expect(
        files.some((path) => path.endsWith(name)),
        name,
      ).toBe(true);
    }
    for (const path of files) expect(leaksIn(readFileSync(path)), path).toEqual([]);
    for (const text of [ran.stdout, ran.stderr, ...received.map(({ body }) => body)]) expect(leaksIn(text)).toEqual([]);
    for (const command of [
      ['alerts', 'list'],
      ['audit', 'show'],
      ['audit', 'show', '--json'],
      ['audit', 'verify'],
    ]) {
      const [name = '', sub = '', ...flags] = command;
      const { stdout, stderr, status } = quotewright(name, sub, journal, ...flags);
      expect([status, leaksIn(stdout + stderr)]).toEqual([0, []]);
    }
  });

  it.each([
    ['an address that is none', { url: { env: 'BAD' } }, { BAD: PLANTED.token }, 'found no address there'],
    [
      'a secret that is written into the config',
      { url: 'http://x', secret: PLANTED.env },
      {},
      'secrets do not stand in a config',
    ],
    ['an address with a password', { url: `http://user:${PLANTED.token}@x` }, {}, 'without user and password'],
    [
      'a secret that is not there',
      { url: 'http://x', secret: { env: 'ABSENT' } },
      {},
      'found nothing in variable ABSENT',
    ],
  ])('are not in the complaint about %s', async (_, sink, env, words) => {
    const risk = folder.write('bad.yaml', JSON.stringify({ alerts: { sinks: [{ sink: 'webhook', ...sink }] } }));
    const { status, stdout, stderr } = await start(['--verbose', ...SIMULATE, '--duration', '1s', '--risk', risk], env)
      .ended;
    expect([status, stdout, leaksIn(stderr)]).toEqual([2, '', []]);
    expect(stderr).toContain(words);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { serverSettings } from './server-settings.ts';

const folder = tempFolder();

function file(text: string): string {
  const path = join(folder.fresh(), 'server.yaml');
  writeFileSync(path, text);
  return path;
}

test('without a file it listens to this machine alone', async () => {
  expect(await serverSettings(undefined, undefined)).toMatchObject({ host: '127.0.0.1', port: 8080, tokens: [] });
});

test('the command line says more than the file', async () => {
  const path = file('host: 0.0.0.0\nport: 9000\ntokens: [{ name: ops, role: trade, env: OPS }]\n');
  expect(await serverSettings(path, undefined)).toMatchObject({ host: '0.0.0.0', port: 9000 });
  expect(await serverSettings(path, 9001)).toMatchObject({ port: 9001, tokens: [{ name: 'ops', role: 'trade' }] });
});

test.each(['port: 70000', 'prot: 1', 'tokens: [{ name: a, role: king }]', '- a', '', 'host: ""', 'a: [', 'port: "80"'])(
  'the file %j is refused in one line that names it',
  async (text) => {
    const path = file(text);
    const error: unknown = await serverSettings(path, undefined).catch((reason: unknown) => reason);
    const message = error instanceof Error ? error.message : '';
    expect(message).toContain(path);
    expect(message).not.toContain('\n');
  },
);

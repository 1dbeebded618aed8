/** The parts of the guard: names and origins, tokens, failures counted by address. */
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../audit/redactor.ts';
import { tempFolder } from '../../data/testing/files.ts';
import { serverConfig } from '../config.ts';
import { KnownPaths } from '../http/known-paths.ts';
import { Failures } from './failures.ts';
import { openTokens, ownToken } from './open-tokens.ts';
import { hostName, isLoopback, isOurHost, isOurOrigin } from './origins.ts';
import { Tokens, allows, bearerOf } from './tokens.ts';

const folder = tempFolder();

describe('a host', () => {
  it.each([
    ['localhost', true],
    ['LocalHost', true],
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example', false],
    ['127.example', false],
    ['localhost.example', false],
    ['', false],
  ])('%s is of loopback: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));

  it.each([
    ['a.example:80', 'a.example'],
    ['[::1]:8080', '[::1]'],
    ['127.0.0.1', '127.0.0.1'],
    ['a b', undefined],
    ['a:b:c', undefined],
    ['user@a', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('header %s names %s', (header, expected) => expect(hostName(header)).toBe(expected));

  it('of any name is ours where the server is bound elsewhere, of loopback only on loopback', () => {
    const rules = { isTls: false, origins: [] };
    expect(isOurHost({ ...rules, host: '0.0.0.0' }, 'desk.example')).toBe(true);
    expect(isOurHost({ ...rules, host: '127.0.0.1' }, 'desk.example')).toBe(false);
    expect(isOurHost({ ...rules, host: '0.0.0.0' }, undefined)).toBe(false);
  });
});

describe('an origin', () => {
  const rules = { host: '127.0.0.1', isTls: true, origins: ['https://desk.example'] };
  it.each([
    [undefined, true],
    ['https://127.0.0.1:8080', true],
    ['HTTPS://127.0.0.1:8080', true],
    ['http://127.0.0.1:8080', false],
    ['https://127.0.0.1:8081', false],
    ['https://127.0.0.1', false],
    ['https://desk.example', true],
    ['https://desk.example.evil.example', false],
    ['https://DESK.example', false],
    ['null', false],
    ['', false],
  ])('%s may act: %s', (origin, expected) => expect(isOurOrigin(rules, origin, '127.0.0.1:8080')).toBe(expected));
});

describe('tokens', () => {
  it('are found by what they are, and by nothing near it', () => {
    const tokens = new Tokens();
    tokens.add({ name: 'a', role: 'trade' }, 'trade-token-0123456789');
    tokens.add({ name: 'b', role: 'admin' }, 'admin-token-0123456789');
    expect(tokens.find('admin-token-0123456789')).toEqual({ name: 'b', role: 'admin' });
    assert(
      property(string(), (text) => {
        expect(tokens.find(text)).toBeUndefined();
        expect(tokens.find(`trade-token-0123456789${text}`)?.name).toBe(text === '' ? 'a' : undefined);
      }),
    );
  });

  it('of a role may what the lesser ones may', () => {
    const roles = ['read', 'trade', 'admin'] as const;
    const table = roles.map((role) => roles.map((wanted) => allows({ name: 'x', role }, wanted)));
    expect(table).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
  });

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer   abc-._~+/=', 'abc-._~+/='],
    ['Bearer abc def', undefined],
    ['Bearer ', undefined],
    ['Basic abc', undefined],
    ['', undefined],
    [undefined, undefined],
    [`Bearer ${'a'.repeat(1001)}`, undefined],
  ])('header %s holds %s', (header, expected) => expect(bearerOf(header)).toBe(expected));

  it('of the home is made once, kept, and readable by its owner only', () => {
    const path = join(folder.fresh(), 'deep', 'home', 'token');
    const token = ownToken(path);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(ownToken(path)).toBe(token);
    expect(readFileSync(path, 'utf8')).toBe(`${token}\n`);
    expect(redactor.text(`x ${token} y`)).toBe('x [redacted] y');
  });

  it('of the home that is none is refused, without its value', () => {
    const path = join(folder.fresh(), 'token');
    for (const text of ['', 'short', 'with spaces in it, long enough', '\u0000'.repeat(40)]) {
      writeFileSync(path, text);
      expect(() => ownToken(path)).toThrow(/token: found no token/u);
    }
    mkdirSync(join(folder.path, 'a-folder'), { recursive: true });
    expect(() => ownToken(join(folder.path, 'a-folder'))).toThrow(/EISDIR/u);
  });

  it('come from the settings, a variable or a file', () => {
    const home = folder.fresh();
    const file = join(home, 'file');
    writeFileSync(file, 'of-a-file-0123456789\n');
    chmodSync(file, 0o600);
    process.env['QUOTEWRIGHT_TEST_TOKEN'] = 'of-a-variable-0123456789';
    try {
      const config = serverConfig.parse({
        tokens: [
          { name: 'x', role: 'read', token: 'of-the-settings-0123456789' },
          { name: 'y', role: 'trade', env: 'QUOTEWRIGHT_TEST_TOKEN' },
          { name: 'z', role: 'admin', file },
        ],
      });
      const tokens = openTokens(config, join(home, 'token'));
      expect(tokens.find('of-the-settings-0123456789')).toEqual({ name: 'x', role: 'read' });
      expect(tokens.find('of-a-variable-0123456789')).toEqual({ name: 'y', role: 'trade' });
      expect(tokens.find('of-a-file-0123456789')).toEqual({ name: 'z', role: 'admin' });
      expect(tokens.find(ownToken(join(home, 'token')))).toEqual({ name: 'home', role: 'admin' });
    } finally {
      delete process.env['QUOTEWRIGHT_TEST_TOKEN'];
    }
  });
});

describe('failures', () => {
  it('of an address are held against it for a minute, of others not', () => {
    let nowMs = 1e12;
    const failures = new Failures(() => nowMs);
    for (let i = 0; i < 29; i++) failures.add('a');
    expect(failures.waitSeconds('a')).toBe(0);
    nowMs += 20_000;
    failures.add('a');
    expect([failures.waitSeconds('a'), failures.waitSeconds('b')]).toEqual([40, 0]);
    for (let i = 0; i < 100; i++) failures.add('a');
    nowMs += 39_999;
    expect(failures.waitSeconds('a')).toBe(1);
    nowMs += 1;
    expect(failures.waitSeconds('a')).toBe(0);
  });

  it('of very many addresses do not fill the memory', () => {
    const failures = new Failures(() => 0);
    for (let i = 0; i < 20_000; i++) for (let k = 0; k < 30; k++) failures.add(`${i}`);
    expect(failures.waitSeconds('19999')).toBe(60);
    expect(failures.waitSeconds('0')).toBe(0);
  });
});

describe('known paths', () => {
  it('tell the methods of a path that has none such', () => {
    const paths = new KnownPaths();
    paths.add({ url: '/a/:b', method: 'GET' });
    paths.add({ url: '/a/:b', method: ['PUT', 'DELETE'] });
    paths.add({ url: '/a.json', method: 'GET' });
    paths.add({ url: '/*', method: 'OPTIONS' });
    expect(paths.methodsOf('/a/x')).toEqual(['DELETE', 'GET', 'PUT']);
    for (const path of ['/a', '/a/', '/a/x/y', '/axjson', '/']) expect(paths.methodsOf(path), path).toEqual([]);
  });
});

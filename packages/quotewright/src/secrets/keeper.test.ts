import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { Home } from '../home/home.ts';
import { kdfSchema, tuned } from './kdf.ts';
import { Keeper } from './keeper.ts';
import { PipedQuestions } from './questions.ts';
import { keyVenue } from './testing/key-venue.ts';
import { CHEAP, answers, textsOf } from './testing/small-vaults.ts';

const folder = tempFolder();
const VENUE = keyVenue('kraken');
const PASSWORD = 'correct horse battery';
const NONE = new Map<string, string>();

function keeper(home: Home, texts: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const told: string[] = [];
  const questions = answers(...texts);
  return {
    keeper: new Keeper({ home, environment, questions, tell: (text) => told.push(text), kdf: CHEAP }),
    told,
    asked: questions.asked,
  };
}

describe('the keeper of the vault', () => {
  test('makes it with the first key, and asks for its password once from then on', async () => {
    const home = new Home(folder.fresh());
    const first = keeper(home, [PASSWORD, PASSWORD, 'abcdefgh', 'a long secret', '']);
    await first.keeper.add('kraken', VENUE, NONE);
    expect(first.asked).toEqual([
      'password of the new vault',
      'password of the new vault, again',
      'kraken: API key',
      'kraken: secret',
      'kraken: private key (or nothing)',
    ]);
    const second = keeper(home, [PASSWORD, 'zzzzzzzz', 'another secret', '']);
    await second.keeper.add('second', VENUE, NONE);
    const vault = await keeper(home, [PASSWORD]).keeper.open();
    expect(vault.entries().map(({ name, venue }) => [name, venue])).toEqual([
      ['kraken', 'kraken'],
      ['second', 'kraken'],
    ]);
    expect(readFileSync(join(home.dir, 'audit/audit-000001.jsonl'), 'utf8')).not.toMatch(/secret"|zzzz|abcdefgh/u);
  });

  test('takes values from files, and leaves the vault as it was when one is not what the venue expects', async () => {
    const home = new Home(folder.fresh());
    const pem = folder.write('key.pem', '-----BEGIN X-----\nabc\n-----END X-----\n');
    await keeper(home, [PASSWORD, PASSWORD, 'abcdefgh', 'a long secret']).keeper.add(
      'kraken',
      VENUE,
      new Map([['privateKey', pem]]),
    );
    const vault = await keeper(home, [PASSWORD]).keeper.open();
    expect(textsOf(vault.values('kraken'))['privateKey']).toBe('-----BEGIN X-----\nabc\n-----END X-----');
    const before = readFileSync(join(home.dir, 'vault.json'), 'utf8');
    await expect(keeper(home, [PASSWORD, 'NOT A KEY']).keeper.rotate('kraken', () => VENUE, NONE)).rejects.toThrow(
      'expected a key of a-z and 0-9',
    );
    await expect(
      keeper(home, [PASSWORD]).keeper.rotate('kraken', () => VENUE, new Map([['other', pem]])),
    ).rejects.toThrow("--field: found 'other'");
    await expect(keeper(home, [PASSWORD]).keeper.rotate('nobody', () => VENUE, NONE)).rejects.toThrow(
      "found no 'nobody', expected one of kraken",
    );
    await expect(keeper(home, [PASSWORD]).keeper.add('kraken', VENUE, NONE)).rejects.toThrow('is there already');
    expect(readFileSync(join(home.dir, 'vault.json'), 'utf8')).toBe(before);
  });

  test('refuses a short password, and one that is another the second time', async () => {
    const home = new Home(folder.fresh());
    await expect(keeper(home, ['short']).keeper.openOrCreate()).rejects.toThrow('8 characters or more');
    await expect(keeper(home, [PASSWORD, 'correct horse batterx']).keeper.openOrCreate()).rejects.toThrow(
      'found another one the second time',
    );
    expect(existsSync(join(home.dir, 'vault.json'))).toBe(false);
  });

  test('replaces, removes, changes the password', async () => {
    const home = new Home(folder.fresh());
    await keeper(home, [PASSWORD, PASSWORD, 'abcdefgh', 'a long secret', '']).keeper.add('kraken', VENUE, NONE);
    await keeper(home, [PASSWORD, 'abcdefgh', 'the new secret', '']).keeper.rotate('kraken', () => VENUE, NONE);
    await keeper(home, [PASSWORD, 'Ünother pässword', 'U\u0308nother pa\u0308ssword']).keeper.changePassword();
    await expect(keeper(home, [PASSWORD]).keeper.open()).rejects.toThrow('the password is wrong');
    const vault = await keeper(home, ['Ünother pässword']).keeper.open();
    expect(textsOf(vault.values('kraken'))).toEqual({ key: 'abcdefgh', secret: 'the new secret' });
    await keeper(home, ['Ünother pässword']).keeper.remove('kraken');
    expect((await keeper(home, ['Ünother pässword']).keeper.open()).entries()).toEqual([]);
  });

  test('takes keys to another machine in a file with a password of its own', async () => {
    const [here, there] = [new Home(folder.fresh()), new Home(folder.fresh())];
    await keeper(here, [PASSWORD, PASSWORD, 'abcdefgh', 'a long secret', '']).keeper.add('kraken', VENUE, NONE);
    await keeper(here, [PASSWORD, 'zzzzzzzz', 'another secret', '']).keeper.add('second', VENUE, NONE);
    const file = join(folder.fresh(), 'keys.export');
    expect(await keeper(here, [PASSWORD, 'for the way', 'for the way']).keeper.exportTo(file, ['second'])).toBe(1);
    const before = await keeper(here, [PASSWORD]).keeper.open();
    const environment = { QUOTEWRIGHT_EXPORT_PASSWORD_FILE: folder.write('way', 'for the way\n') };
    expect(await keeper(there, ['a password there', 'a password there'], environment).keeper.importFrom(file)).toEqual([
      'second',
    ]);
    const vault = await keeper(there, ['a password there']).keeper.open();
    expect(textsOf(vault.values('second'))).toEqual({ key: 'zzzzzzzz', secret: 'another secret' });
    expect(vault.entryOf('second')).toEqual(before.entryOf('second'));
    await expect(keeper(there, ['a password there'], environment).keeper.importFrom(file)).rejects.toThrow(
      'second: there already',
    );
    await expect(keeper(here, [PASSWORD]).keeper.exportTo(file, [])).rejects.toThrow('is there already');
  });
});

test('answers from a pipe are lines, and a key in PEM all of its own', async () => {
  const pem = '-----BEGIN EC PRIVATE KEY-----\nAAA\nBBB\n-----END EC PRIVATE KEY-----\n';
  const questions = new PipedQuestions(Readable.from([Buffer.from(`first\r\n${pem}`), Buffer.from('\nlast')]));
  expect([
    await questions.ask('a'),
    await questions.ask('b'),
    await questions.ask('c'),
    await questions.ask('d'),
  ]).toEqual(['first', pem, '', 'last']);
  await expect(questions.ask('e')).rejects.toThrow('e: found the end of the input');
  // What may be left out is, when nothing comes any more.
  expect(await questions.ask('e', () => '')).toBe('');
  await expect(questions.ask('e', () => 'a key')).rejects.toThrow('e: found the end of the input');
  const flat = new PipedQuestions(Readable.from([pem.replaceAll('\n', String.raw`\n`)]));
  expect(await flat.ask('a')).toBe(pem);
  await expect(new PipedQuestions(Readable.from(['-----BEGIN X-----\nabc'])).ask('a')).rejects.toThrow(
    "expected '-----END",
  );
});

test('answers from a pipe that stays open are taken as they come, and are not waited for without end', async () => {
  const pipe = new PassThrough();
  const questions = new PipedQuestions(pipe, 50);
  pipe.write('first\nsec');
  expect(await questions.ask('a')).toBe('first');
  setTimeout(() => pipe.write('ond\r\n'), 10);
  expect(await questions.ask('b')).toBe('second');
  await expect(questions.ask('c')).rejects.toThrow('c: nothing came for 0.05 s, expected a line');
});

test('what a key costs is raised until it takes as long as it should', () => {
  const slow = tuned(250, (kdf) => (kdf.name === 'argon2id' ? kdf.passes * 20 : 1000));
  // A third above what is asked for: 334 ms.
  expect(slow).toEqual({ name: 'argon2id', memory: 65_536, passes: 17 });
  expect(tuned(250, () => 340)).toEqual({ name: 'argon2id', memory: 65_536, passes: 6 });
  // A clock that stands still does not make it go on for ever, nor make a key that no machine can work out.
  expect(tuned(250, () => 0)).toEqual({ name: 'argon2id', memory: 65_536, passes: 64 });
  expect(kdfSchema.safeParse(tuned(250, () => 0)).success).toBe(true);
});

test.each([
  { name: 'argon2id', memory: 1024 * 1024, passes: 1 },
  { name: 'argon2id', memory: 64 * 1024, passes: 65 },
  { name: 'argon2id', memory: 8, passes: 1e9 },
  { name: 'argon2id', memory: 7, passes: 1 },
  { name: 'argon2id', memory: 64, passes: 0 },
  { name: 'scrypt', logN: 19 },
  { name: 'scrypt', logN: 1 },
])('parameters that would eat the machine, or are none, are not even tried: %o', (kdf) => {
  expect(kdfSchema.safeParse(kdf).success).toBe(false);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'exit', 'error'])('keys are overwritten on %s', (how) => {
  const script = folder.write(
    `${how}.ts`,
    `import { writeSync } from 'node:fs';
     import { holdKeys } from ${JSON.stringify(fileURLToPath(new URL('held-keys.ts', import.meta.url)))};
     holdKeys({ wipe: () => writeSync(1, 'wiped') });
     setInterval(() => {}, 1000);
     if (process.argv[2] === 'exit') process.exit(3);
     else if (process.argv[2] === 'error') setImmediate(() => { throw new Error('nobody catches this'); });
     else process.kill(process.pid, process.argv[2]);`,
  );
  const { status, signal, stdout } = spawnSync(process.execPath, ['-C', 'source', '--no-warnings', script, how]);
  expect(stdout.toString()).toBe('wiped');
  expect(status ?? signal).toBe(how === 'exit' ? 3 : how === 'error' ? 1 : how);
});

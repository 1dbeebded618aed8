import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { attemptsPath } from './attempts.ts';
import { masterPassword } from './master-password.ts';
import { CHEAP, bytesOf, textsOf } from './testing/small-vaults.ts';
import { Vault } from './vault.ts';

const folder = tempFolder();
const PASSWORD = Buffer.from('correct horse battery');
const GUESS = Buffer.from('guess guess');
const ENTRY = { name: 'kraken', venue: 'kraken', createdMs: 1, rotatedMs: 1 };

function withKey(path: string): Vault {
  const vault = Vault.create(path, PASSWORD, CHEAP);
  vault.add(ENTRY, bytesOf({ key: 'abcdefgh' }));
  return vault;
}

/** A clock that only waits move, from now on. */
function waiting(): { options: { nowMs: () => number; sleep: (ms: number) => Promise<void> }; waits: number[] } {
  let ms = Date.now();
  const waits: number[] = [];
  return { waits, options: { nowMs: () => ms, sleep: async (wait) => void (waits.push(wait), (ms += wait)) } };
}

/** A clock on which every wait is over when it is asked again. */
function hours(): { nowMs: () => number; sleep: () => Promise<void> } {
  let ms = Date.now();
  return { nowMs: () => (ms += 3_600_000), sleep: async () => {} };
}

describe('attempts', () => {
  test('are not forgotten by who removes their file, or writes into it', async () => {
    const path = join(folder.fresh(), 'vault.json');
    withKey(path);
    const { options, waits } = waiting();
    for (const spoil of [
      () => rmSync(attemptsPath(path)),
      () => writeFileSync(attemptsPath(path), 'x'),
      () => writeFileSync(attemptsPath(path), ''),
      () => writeFileSync(attemptsPath(path), `${readFileSync(attemptsPath(path), 'utf8')} `),
    ]) {
      spoil();
      waits.length = 0;
      await expect(Vault.open(path, GUESS, options)).rejects.toThrow('the password is wrong');
      await expect(Vault.open(path, GUESS, options)).rejects.toThrow('the password is wrong');
      // As after three failures, and then as after four.
      expect(waits).toEqual([4000, 8000]);
      await Vault.open(path, PASSWORD, options);
    }
  });

  test('count also when the clock was set back, and lock nobody out until it is where it was', async () => {
    const path = join(folder.fresh(), 'vault.json');
    withKey(path);
    const { options, waits } = waiting();
    for (let i = 0; i < 3; i++) await expect(Vault.open(path, GUESS, options)).rejects.toThrow('the password is wrong');
    expect(waits).toEqual([1000, 2000]);
    const day = 86_400_000;
    const back = { ...options, nowMs: () => options.nowMs() - day };
    await Vault.open(path, PASSWORD, back);
    expect(waits).toEqual([1000, 2000, 4000]);
  });
});

describe('the place of a vault', () => {
  test('may be a link, which stays one; a link to nothing is no place for a new one', async () => {
    const [real, path] = [join(folder.fresh(), 'real.json'), join(folder.fresh(), 'vault.json')];
    withKey(real);
    symlinkSync(real, path);
    const vault = await Vault.open(path, PASSWORD, hours());
    vault.rotate('kraken', bytesOf({ key: 'zzzzzzzz' }), 5);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(textsOf((await Vault.open(real, PASSWORD)).values('kraken'))).toEqual({ key: 'zzzzzzzz' });
    rmSync(real);
    await expect(Vault.open(path, PASSWORD)).rejects.toThrow('found a link to what is not there');
    expect(() => Vault.create(path, PASSWORD, CHEAP)).toThrow('found a link to what is not there');
  });

  test('is a file: a folder or a device is refused at once', async () => {
    const path = join(folder.fresh(), 'vault.json');
    mkdirSync(path);
    await expect(Vault.open(path, PASSWORD)).rejects.toThrow('found no file');
    rmSync(path, { recursive: true });
    symlinkSync('/dev/zero', path);
    await expect(Vault.open(path, PASSWORD)).rejects.toThrow('found no file');
  });

  test('is told of when others can replace what is in it', async () => {
    const dir = folder.fresh();
    const path = join(dir, 'vault.json');
    withKey(path);
    const told: string[] = [];
    const open = async (): Promise<Vault> => Vault.open(path, PASSWORD, { tell: (text) => told.push(text) });
    chmodSync(dir, 0o777);
    await open();
    expect(told).toEqual([`${dir}: mode is 777: others can replace what is in it; chmod go-w ${dir}`]);
    chmodSync(dir, 0o1777);
    await open();
    chmodSync(dir, 0o755);
    await open();
    expect(told).toHaveLength(1);
  });

  test('tells of a file with the password that others can read', async () => {
    const path = folder.write('password', 'correct horse battery\r\n');
    const told: string[] = [];
    const read = async (): Promise<string> =>
      (await masterPassword({ FILE: path }, undefined, 'FILE', (text) => told.push(text))).toString();
    chmodSync(path, 0o644);
    expect(await read()).toBe('correct horse battery');
    expect(told).toEqual([`${path}: mode is 644: others can read it; chmod 600 ${path}`]);
    chmodSync(path, 0o600);
    await read();
    expect(told).toHaveLength(1);
    writeFileSync(path, '\n');
    await expect(read()).rejects.toThrow('found nothing in');
    rmSync(path);
    await expect(read()).rejects.toThrow('found no file');
  });
});

test('who is killed while he changes it leaves it as it was, or as it was to be', async () => {
  const path = join(folder.fresh(), 'vault.json');
  const other = Buffer.from('another password');
  withKey(path);
  const script = folder.write(
    'changes.ts',
    `import { writeSync } from 'node:fs';
     import { Vault } from ${JSON.stringify(fileURLToPath(new URL('vault.ts', import.meta.url)))};
     const [path, password, next] = process.argv.slice(2);
     let now = Date.now();
     const vault = await Vault.open(path, Buffer.from(password), { nowMs: () => (now += 3e6), sleep: async () => {} });
     writeSync(1, 'open');
     const bytes = (text) => new Map([['key', Buffer.from(text)], ['secret', Buffer.from(text)]]);
     for (let i = 0; ; i++) {
       vault.rotate('kraken', bytes('value ' + i), i);
       vault.add({ name: 'more', venue: 'x', createdMs: i, rotatedMs: i }, bytes('more ' + i));
       vault.changePassword(Buffer.from(i % 2 === 0 ? next : password), ${JSON.stringify(CHEAP)});
       vault.remove('more');
     }`,
  );
  let password = PASSWORD;
  for (let round = 0; round < 8; round++) {
    const next = password === PASSWORD ? other : PASSWORD;
    const child = spawn(
      process.execPath,
      ['-C', 'source', '--no-warnings', script, path, password.toString(), next.toString()],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 5 + round * 13));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const opened: Vault[] = [];
    for (const each of [PASSWORD, other]) {
      try {
        opened.push(await Vault.open(path, each, hours()));
        password = each;
      } catch {
        // It has the other one.
      }
    }
    expect(opened).toHaveLength(1);
    const vault = opened[0]!;
    const { key, secret } = textsOf(vault.values('kraken'));
    // The first round may end before the first change.
    if (secret !== undefined) expect(secret).toBe(key);
    if (vault.entry('more') !== undefined) vault.remove('more');
    else vault.rotate('kraken', vault.values('kraken'), round);
    expect(readdirSync(join(path, '..')).filter((name) => name.endsWith('.part'))).toEqual([]);
  }
  expect(existsSync(path)).toBe(true);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, dictionary, pre, property, string, stringMatching, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { derive } from './kdf.ts';
import { CHEAP, bytesOf, textsOf } from './testing/small-vaults.ts';
import { boundToIndex, parseFile, unseal } from './vault-format.ts';
import { Vault } from './vault.ts';

const folder = tempFolder();
const PASSWORD = Buffer.from('correct horse battery');
const WRONG = 'the password is wrong, or the file is damaged';
const KEY = { key: 'abcdefgh', secret: 'a secret of some length' };

function place(): string {
  return join(folder.fresh(), 'vault.json');
}

function withKey(path: string, password: Buffer = PASSWORD): Vault {
  const vault = Vault.create(path, password, CHEAP);
  vault.add({ name: 'kraken', venue: 'kraken', createdMs: 1, rotatedMs: 1 }, bytesOf(KEY));
  return vault;
}

async function open(path: string, password: Buffer = PASSWORD): Promise<Vault> {
  return Vault.open(path, password, { sleep: async () => {}, nowMs: hours() });
}

/** A clock on which every wait is over when it is asked again. */
function hours(): () => number {
  let ms = Date.now();
  return () => (ms += 3_600_000);
}

describe('a vault', () => {
  test('gives back what was put into it, to who opens it with its password', async () => {
    const path = place();
    withKey(path).close();
    const vault = await open(path);
    expect(textsOf(vault.values('kraken'))).toEqual(KEY);
    expect(vault.entries()).toEqual([
      { name: 'kraken', venue: 'kraken', fields: ['key', 'secret'], createdMs: 1, rotatedMs: 1 },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('shows neither names nor values to who has the file', () => {
    const path = place();
    withKey(path);
    const text = readFileSync(path, 'latin1');
    for (const word of ['kraken', ...Object.values(KEY)]) {
      expect(text).not.toContain(word);
      expect(text).not.toContain(Buffer.from(word).toString('base64').slice(0, -4));
    }
  });

  test('refuses a file in which any one byte is another, in the words of a wrong password', async () => {
    const path = place();
    withKey(path);
    const sound = readFileSync(path);
    await expect(open(path, Buffer.from('another password'))).rejects.toThrow(WRONG);
    for (let at = 0; at < sound.length; at++) {
      const bytes = Buffer.from(sound);
      for (const mask of [1 << (at % 8), 0x20]) {
        bytes[at] = sound[at]! ^ mask;
        expect(isOpenedBy(bytes, PASSWORD), `byte ${at}`).toBe(false);
      }
      // What is no vault costs as much as a real one, so not every one is tried in full.
      if (at % 300 !== 7) continue;
      writeFileSync(path, bytes);
      await expect(open(path), `byte ${at}`).rejects.toThrow(WRONG);
    }
    expect(isOpenedBy(sound, PASSWORD)).toBe(true);
    writeFileSync(path, sound);
    expect(textsOf((await open(path)).values('kraken'))).toEqual(KEY);
  });

  test('refuses what is cut, empty, longer, or no vault at all', async () => {
    const path = place();
    withKey(path);
    const sound = readFileSync(path);
    for (const bytes of [
      Buffer.alloc(0),
      sound.subarray(0, -1),
      sound.subarray(0, 200),
      Buffer.concat([sound, Buffer.from(' ')]),
      Buffer.concat([sound, sound]),
      Buffer.from('{}'),
      Buffer.from('null'),
      Buffer.from([0xff, 0xfe, 0]),
      Buffer.from(sound.toString().replace('"memory": 8', '"memory": 99999999')),
      Buffer.from(sound.toString().replace('"version": 1', '"version": 2')),
      Buffer.from(sound.toString().replace('"memory": 8', '"memory": 9')),
    ]) {
      expect(isOpenedBy(bytes, PASSWORD)).toBe(false);
    }
    // What is no vault costs as much as a real one, so one has to do.
    writeFileSync(path, sound.subarray(0, -1));
    await expect(open(path)).rejects.toThrow(WRONG);
    writeFileSync(path, Buffer.alloc(9 * 1024 * 1024));
    await expect(open(path)).rejects.toThrow('expected a vault');
  });

  test('refuses entries of one file that are put in the place of others', async () => {
    const path = place();
    const vault = withKey(path);
    vault.add({ name: 'two', venue: 'kraken', createdMs: 1, rotatedMs: 1 }, bytesOf({ ...KEY, key: 'zzzzzzzz' }));
    const file = JSON.parse(readFileSync(path, 'utf8'));
    file.entries.reverse();
    writeFileSync(path, `${JSON.stringify(file, undefined, 1)}\n`);
    await expect(open(path)).rejects.toThrow(WRONG);
  });

  test('tells a missing file from a wrong password', async () => {
    await expect(open(place())).rejects.toThrow('there is no vault');
  });

  test('narrows the mode of a file that others could read, and says so', async () => {
    const path = place();
    withKey(path);
    chmodSync(path, 0o644);
    const told: string[] = [];
    await Vault.open(path, PASSWORD, { tell: (text) => told.push(text) });
    expect(told).toEqual([`${path}: mode was 644, is 600 now: others could read it`]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('takes any values and names that are letters, and gives them back', async () => {
    const path = place();
    const vault = Vault.create(path, PASSWORD, CHEAP);
    const name = stringMatching(/^[\p{L}\p{N}._@+-]{1,60}$/u)
      .map((text) => text.normalize('NFC'))
      .filter((text) => /^[\p{L}\p{N}\p{M}._@+-]+$/u.test(text) && text.length <= 64);
    const value = uint8Array({ minLength: 1, maxLength: 3000 }).map((bytes) => Buffer.from(bytes));
    const expected = new Map<string, Record<string, string>>();
    assert(
      property(name, dictionary(string({ minLength: 1 }), value, { minKeys: 1, maxKeys: 4 }), (each, fields) => {
        pre(!expected.has(each));
        const values = new Map(Object.entries(fields));
        vault.add({ name: each, venue: 'x', createdMs: 1, rotatedMs: 1 }, values);
        expected.set(each, hexOf(values));
      }),
      { numRuns: 60, seed: 6 },
    );
    const again = await open(path);
    expect(again.entries()).toHaveLength(expected.size);
    for (const [each, values] of expected) expect(hexOf(again.values(each))).toEqual(values);
  });

  test('refuses names and values that are none', () => {
    const vault = Vault.create(place(), PASSWORD, CHEAP);
    const entry = { venue: 'x', createdMs: 1, rotatedMs: 1 };
    for (const name of ['', ' ', 'a b', '../x', 'a\u0000b', 'x'.repeat(65), '\u202Ex', 'e\u0301']) {
      expect(() => vault.add({ ...entry, name }, bytesOf(KEY)), name).toThrow('name of an entry');
    }
    expect(() => vault.add({ ...entry, name: 'a' }, bytesOf({ key: '' }))).toThrow('found 0 bytes');
    expect(() => vault.add({ ...entry, name: 'a' }, bytesOf({ key: 'x'.repeat(65_537) }))).toThrow('found 65537 bytes');
    expect(vault.entries()).toEqual([]);
  });

  test('never uses a nonce twice, and no salt', async () => {
    const path = place();
    const vault = withKey(path);
    const seen = new Map<string, string>();
    const salts = new Set<string>();
    const look = (): void => {
      const { salt, entries, index } = JSON.parse(readFileSync(path, 'utf8'));
      salts.add(salt);
      for (const { nonce, data } of [...entries, index]) {
        // An entry that was not touched stays as it is; the same nonce with other data must not be.
        expect(seen.get(`${salt} ${nonce}`) ?? data).toBe(data);
        seen.set(`${salt} ${nonce}`, data);
      }
    };
    for (let i = 0; i < 100; i++) {
      vault.rotate('kraken', bytesOf(KEY), i);
      look();
    }
    expect(seen.size).toBe(200);
    for (let i = 0; i < 20; i++) {
      vault.changePassword(PASSWORD, CHEAP);
      look();
    }
    expect(salts.size).toBe(21);
    expect(new Set([...seen.keys()].map((key) => key.split(' ')[1])).size).toBe(seen.size);
  });

  test('opens with its new password only, and every value is sealed anew', async () => {
    const path = place();
    const vault = withKey(path);
    const before = JSON.parse(readFileSync(path, 'utf8'));
    const next = Buffer.from('another password');
    vault.changePassword(next, { ...CHEAP, memory: 16 });
    const after = JSON.parse(readFileSync(path, 'utf8'));
    expect(after.kdf.memory).toBe(16);
    expect(after.salt).not.toBe(before.salt);
    expect(after.entries[0].data).not.toBe(before.entries[0].data);
    await expect(open(path)).rejects.toThrow(WRONG);
    const again = await open(path, next);
    expect(textsOf(again.values('kraken'))).toEqual(KEY);
    // Who had it open goes on.
    vault.rotate('kraken', bytesOf({ ...KEY, secret: 'another secret' }), 5);
    expect(() => again.remove('nobody')).toThrow("found no 'nobody', expected one of kraken");
  });

  test('who had it open before its password was changed elsewhere writes nothing', async () => {
    const path = place();
    const vault = withKey(path);
    (await open(path)).changePassword(Buffer.from('another password'), CHEAP);
    expect(() => vault.remove('kraken')).toThrow('was changed meanwhile');
    expect((await open(path, Buffer.from('another password'))).entries()).toHaveLength(1);
  });

  test('slows guesses, also over several processes, and forgets them when the right one came', async () => {
    const path = place();
    withKey(path);
    let ms = 1_000_000;
    const waits: number[] = [];
    const options = { nowMs: () => ms, sleep: async (wait: number) => void (waits.push(wait), (ms += wait)) };
    for (let i = 0; i < 9; i++)
      await expect(Vault.open(path, Buffer.from('guess guess'), options)).rejects.toThrow(WRONG);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    await Vault.open(path, PASSWORD, options);
    expect(waits).toHaveLength(9);
    await Vault.open(path, PASSWORD, options);
    expect(waits).toHaveLength(9);
  });

  test('two processes that write at once lose nothing', async () => {
    const path = place();
    withKey(path);
    const script = folder.write(
      'writer.ts',
      `import { Vault } from ${JSON.stringify(fileURLToPath(new URL('vault.ts', import.meta.url)))};
       const [path, who] = process.argv.slice(2);
       const vault = await Vault.open(path, Buffer.from(${JSON.stringify(PASSWORD.toString())}));
       for (let i = 0; i < 20; i++) vault.add({ name: who + i, venue: 'x', createdMs: i, rotatedMs: i }, new Map([['key', Buffer.from(who + i)]]));`,
    );
    const run = async (who: string): Promise<unknown> => {
      const child = spawn(process.execPath, ['-C', 'source', '--no-warnings', script, path, who], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const [code] = await once(child, 'exit');
      return code;
    };
    expect(await Promise.all(['a', 'b'].map(run))).toEqual([0, 0]);
    const vault = await open(path);
    expect(vault.entries()).toHaveLength(41);
    expect(textsOf(vault.values('b19'))).toEqual({ key: 'b19' });
  });
});

/** As `Vault.open` finds it out, without the slowness of a real vault. */
function isOpenedBy(bytes: Buffer, password: Buffer): boolean {
  const file = parseFile(bytes);
  if (file === undefined) return false;
  const keys = derive(password, Buffer.from(file.salt, 'base64'), CHEAP);
  return unseal(keys.subarray(32), file.index, boundToIndex(file, file.entries)) !== undefined;
}

function hexOf(values: ReadonlyMap<string, Buffer>): Record<string, string> {
  return Object.fromEntries([...values].map(([name, bytes]) => [name, bytes.toString('hex')]));
}

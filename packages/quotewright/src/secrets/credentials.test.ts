import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AuditLog } from '../audit/audit-log.ts';
import { redactor } from '../audit/redactor.ts';
import { tempFolder } from '../data/testing/files.ts';
import { Home } from '../home/home.ts';
import { type VenueSettings, venueSettings } from '../venues/venue-settings.ts';
import { credentialsFor } from './credentials.ts';
import { keyVenue } from './testing/key-venue.ts';
import { CHEAP, bytesOf } from './testing/small-vaults.ts';
import { Vault } from './vault.ts';
import { vaultPath } from './vault-place.ts';

const folder = tempFolder();
const VENUE = keyVenue('kraken');
const KEY = { key: 'abcdefgh', secret: 'swordfish and chips' };
const PASSWORD = 'correct horse battery';

function settings(credentials?: unknown): VenueSettings {
  return venueSettings.parse(credentials === undefined ? {} : { credentials });
}

function homeWithVault(name = 'kraken', rotatedMs = Date.now()): Home {
  const home = new Home(folder.fresh());
  const vault = Vault.create(vaultPath(home), Buffer.from(PASSWORD), CHEAP);
  vault.add({ name, venue: 'kraken', createdMs: rotatedMs, rotatedMs }, bytesOf(KEY));
  return home;
}

describe('credentials of a venue', () => {
  test('come from the vault, of whose password is asked once a process', async () => {
    const home = homeWithVault();
    let asked = 0;
    const audit = new AuditLog({ dir: home.dir, role: 'test' });
    const options = { home, environment: {}, askPassword: async () => (asked++, PASSWORD), audit };
    const found = await credentialsFor(VENUE, settings(), options);
    expect(found.bytes('secret').toString()).toBe(KEY.secret);
    expect(found.has('privateKey')).toBe(false);
    await credentialsFor(VENUE, settings({ vault: 'kraken' }), options);
    expect(asked).toBe(1);
    const log = readFileSync(join(home.dir, 'audit/audit-000001.jsonl'), 'utf8');
    expect(log).toContain('"secret.read","who"');
    expect(log).not.toContain(KEY.secret);
  });

  test('come from the vault by a password in a file', async () => {
    const home = homeWithVault();
    const path = folder.write('password', `${PASSWORD}\n`);
    const environment = { QUOTEWRIGHT_VAULT_PASSWORD_FILE: path };
    expect((await credentialsFor(VENUE, settings(), { home, environment })).bytes('key').toString()).toBe(KEY.key);
  });

  test('come from variables, by field', async () => {
    const environment = { MY_KEY: KEY.key, MY_SECRET: KEY.secret, MY_PRIVATE_KEY: 'pem', MY_OTHER: 'x' };
    const found = await credentialsFor(VENUE, settings({ env: 'MY' }), { home: new Home(folder.fresh()), environment });
    expect(['key', 'secret', 'privateKey'].map((name) => found.bytes(name).toString())).toEqual([
      KEY.key,
      KEY.secret,
      'pem',
    ]);
  });

  test('come from files, one a field, without the end of the last line', async () => {
    const dir = folder.fresh();
    // As Kubernetes mounts them: the folder has more in it than ours.
    mkdirSync(join(dir, '..data'));
    writeFileSync(join(dir, 'key'), KEY.key);
    writeFileSync(join(dir, 'secret'), `${KEY.secret}\r\n`);
    const found = await credentialsFor(VENUE, settings({ dir }), { home: new Home(dir), environment: {} });
    expect(found.bytes('secret').toString()).toBe(KEY.secret);
  });

  test('are struck out of what the program prints, and overwritten when they are wiped', async () => {
    const environment = { MY_KEY: KEY.key, MY_SECRET: 'a secret "with quotes"' };
    const found = await credentialsFor(VENUE, settings({ env: 'MY' }), { home: new Home(folder.fresh()), environment });
    const secret = environment.MY_SECRET;
    for (const text of [
      secret,
      JSON.stringify({ secret }),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ]) {
      expect(redactor.text(`ü ${text} ü`)).toMatch(/^ü .*\[redacted\].* ü$/u);
      expect(redactor.text(text)).not.toContain('quotes');
    }
    const bytes = found.bytes('secret');
    found.wipe();
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    [
      { MY_KEY: KEY.key },
      'kraken: variables MY_KEY, MY_SECRET, MY_PRIVATE_KEY: secret: found nothing, expected key, secret, privateKey',
    ],
    [
      { MY_KEY: 'UPPER-hidden', MY_SECRET: KEY.secret },
      'key: found 12 bytes of another kind, expected a key of a-z and 0-9',
    ],
    [{ MY_KEY: KEY.key, MY_SECRET: 'short' }, 'secret: found 5 bytes of another kind, expected eight characters'],
    [{}, 'key: found nothing'],
  ])('are refused without telling them: %j', async (environment, text) => {
    const failure = credentialsFor(VENUE, settings({ env: 'MY' }), { home: new Home(folder.fresh()), environment });
    await expect(failure).rejects.toThrow(text);
    await expect(failure).rejects.not.toThrow(/hidden|short/u);
  });

  test('are refused when the vault, the entry or the venue is another', async () => {
    const home = homeWithVault('second');
    const options = { home, environment: {}, askPassword: async () => PASSWORD };
    await expect(credentialsFor(VENUE, settings(), options)).rejects.toThrow(
      "found no 'kraken', expected one of second",
    );
    await expect(credentialsFor(keyVenue('gemini'), settings({ vault: 'second' }), options)).rejects.toThrow(
      'is a key of kraken, expected one of gemini',
    );
    const none = { home: new Home(folder.fresh()), environment: {} };
    await expect(credentialsFor(VENUE, settings(), none)).rejects.toThrow('there is no vault');
    const closed = homeWithVault();
    await expect(credentialsFor(VENUE, settings(), { home: closed, environment: {} })).rejects.toThrow(
      'expected QUOTEWRIGHT_VAULT_PASSWORD_FILE',
    );
    // After a wrong password another one may be asked for.
    const texts = ['wrong password', PASSWORD];
    const again = { home: closed, environment: {}, askPassword: async () => texts.shift() ?? '' };
    await expect(credentialsFor(VENUE, settings(), again)).rejects.toThrow(
      'the password is wrong, or the file is damaged',
    );
    await expect(credentialsFor(VENUE, settings(), again)).resolves.toBeDefined();
  });

  test('tell when the key is due to be replaced', async () => {
    const told: string[] = [];
    const home = homeWithVault('kraken', Date.now() - 100 * 86_400_000);
    const tell = (text: string): void => void told.push(text);
    await credentialsFor(VENUE, settings(), { home, environment: {}, askPassword: async () => PASSWORD, tell });
    expect(told).toEqual([
      "key 'kraken' of kraken is 100 days old: replace it at the venue, then 'quotewright secrets rotate kraken'",
    ]);
  });

  test('are in no dump of the heap and in no report, and are overwritten at the end', () => {
    const home = homeWithVault();
    const path = folder.write('password-of-dump', PASSWORD);
    const script = folder.write(
      'dump.ts',
      `import { readFileSync, rmSync } from 'node:fs';
       import { writeHeapSnapshot } from 'node:v8';
       import { Home } from ${here('../home/home.ts')};
       import { venueSettings } from ${here('../venues/venue-settings.ts')};
       import { credentialsFor } from ${here('credentials.ts')};
       import { keyVenue } from ${here('testing/key-venue.ts')};
       const home = new Home(process.argv[2]);
       const found = await credentialsFor(keyVenue('kraken'), venueSettings.parse({}), { home, environment: process.env });
       const report = JSON.stringify(process.report.getReport());
       const file = writeHeapSnapshot(process.argv[3]);
       const heap = readFileSync(file, 'latin1');
       rmSync(file);
       const has = (text, words) => words.some((word) => text.includes(word));
       const words = ${JSON.stringify([KEY.secret, PASSWORD].map((text) => Buffer.from(text).toString('base64')))}.map((text) => Buffer.from(text, 'base64').toString());
       process.stdout.write(JSON.stringify({ isThere: found.bytes('secret').length, heap: has(heap, words), report: has(report, [...words, 'PASSWORD_FILE']) }));
       process.on('exit', () => process.stdout.write(' ' + found.bytes('secret').every((byte) => byte === 0)));
       process.exitCode = 0;`,
    );
    const environment = { ...process.env, QUOTEWRIGHT_VAULT_PASSWORD_FILE: path };
    const out = execFileSync(
      process.execPath,
      ['-C', 'source', '--no-warnings', script, home.dir, join(folder.path, 'x.heapsnapshot')],
      { env: environment },
    );
    expect(out.toString()).toBe(`{"isThere":${KEY.secret.length},"heap":false,"report":false} true`);
  });
});

/** Path of a file beside this one, as text of a program. */
function here(name: string): string {
  return JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
}

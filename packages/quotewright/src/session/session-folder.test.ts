import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { Home } from '../home/home.ts';
import { newSessionFolder, removeUnbegun } from './session-folder.ts';

const folder = tempFolder();

test('a session is named by its second, and another one of the same second by a number more', () => {
  const home = new Home(folder.fresh());
  const now = new Date('2026-11-21T19:45:01.987Z');
  const first = newSessionFolder(home, now);
  expect(first).toBe(join(home.sessions, '20261121T194501Z'));
  expect(existsSync(first)).toBe(true);
  expect(newSessionFolder(home, now)).toBe(`${first}-2`);
  expect(newSessionFolder(home, now)).toBe(`${first}-3`);
});

test('a folder without a session is taken away, and one that is not there is no fault', () => {
  const dir = join(folder.fresh(), 'unbegun');
  removeUnbegun(dir);
  mkdirSync(dir);
  writeFileSync(join(dir, 'lease-1.json'), '{}');
  removeUnbegun(dir);
  expect(existsSync(dir)).toBe(false);
});

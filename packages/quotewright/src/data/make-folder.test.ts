import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';
import { tempFolder } from './testing/files.ts';

const temp = tempFolder();

test('makes a folder and those that it is in, with the mode asked for, and again does nothing', () => {
  const path = join(temp.fresh(), 'a', 'b', 'c');
  makeFolder(path, 0o700);
  makeFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('names the folder that cannot be made, as a file is there', () => {
  const file = join(temp.fresh(), 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'a', 'b')]) {
    expect(() => makeFolder(path)).toThrow(`${file}: the folder cannot be made: file already exists, not a directory`);
  }
});

test.runIf(existsSync('/proc/self'))('comes to an end where the system has no room for folders', () => {
  expect(() => makeFolder('/proc/none/of/it')).toThrow('/proc/none: the folder cannot be made: ENOENT');
});

/** For tests: files of their own, and those of the shared market data. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestRunner, afterAll } from 'vitest';

export interface TempFolder {
  readonly path: string;
  /** Writes a file and answers its path. */
  write(name: string, content: string | Uint8Array): string;
  /** A new, empty folder inside. */
  fresh(): string;
}

/** A folder for one test file's recordings, removed after it. Called outside of tests. */
export function tempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'quotewright-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    fresh: () => mkdtempSync(join(path, 'fresh-')),
  };
}

/** A file of the shared market data: see `sharedFile`. */
export function sharedData(name: string): string {
  return sharedFile(`data/${name}`);
}

/**
 * A file of the folder `shared` beside the project, which the project does not own. Without the folder, the test that asks is left
 * out (the set-up of the tests says so), but in continuous integration it fails.
 */
export function sharedFile(name: string): string {
  const path = fileURLToPath(new URL(`../../../../../../shared/${name}`, import.meta.url));
  if (existsSync(path)) return path;
  if (process.env['CI'] === undefined) TestRunner.getCurrentTest()?.context.skip(`../shared/${name} is absent`);
  throw new Error(`'${name}' is absent: expected it in ../shared beside the project`);
}

/** A file of the shared data that holds one JSON value, of a type that the test which asks for it knows. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- it types the answer
export function sharedJson<T>(name: string): T {
  // oxlint-disable-next-line no-unsafe-type-assertion -- see above
  return JSON.parse(readFileSync(sharedData(name), 'utf8')) as T;
}

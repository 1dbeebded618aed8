/** Makes a strategy project from the templates that come with the package. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../data/make-folder.ts';
import { InputError } from '../data/report.ts';

const PACKAGE = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const TEMPLATES = join(PACKAGE, 'templates', 'maker');
const DATA = 'sample';

export interface InitDone {
  readonly name: string;
  readonly files: readonly string[];
}

/** @throws InputError when the name is no name for a strategy, or the folder holds something. */
export async function initProject(folder: string, makeData: (path: string) => Promise<void>): Promise<InitDone> {
  const root = resolve(folder);
  const name = basename(root);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new InputError(`init: found '${name}', expected a name in lower case with hyphens, such as my-maker`);
  }
  const held = await readdir(root).catch(() => []);
  if (held.length > 0) throw new InputError(`init: ${folder} is not empty: it holds ${held[0]}`);
  makeFolder(root);
  const files: string[] = [];
  for (const file of await readdir(TEMPLATES)) {
    const text = await readFile(join(TEMPLATES, file), 'utf8');
    const target = file.replace(/^maker\./, `${name}.`);
    const own = text.replaceAll('./maker.ts', `./${name}.ts`).replaceAll('{{name}}', name).replaceAll('{{data}}', DATA);
    await writeFile(join(root, target), own);
    files.push(target);
  }
  await writeFile(join(root, 'package.json'), await packageJson(name, root));
  await makeData(join(root, DATA));
  return { name, files: ['package.json', ...files, DATA] };
}

async function packageJson(name: string, root: string): Promise<string> {
  const own: { version: string } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  // In a checkout, whose packages lie beside each other and are on no registry, the project uses them where they are.
  const core = join(dirname(PACKAGE), 'core');
  const isCheckout = await readdir(join(core, 'src')).then(
    () => true,
    () => false,
  );
  const version = (path: string): string => (isCheckout ? `file:${relative(root, path)}` : `^${own.version}`);
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: {
      backtest: `quotewright backtest ./${name}.ts --data ${DATA} --out run`,
      check: 'tsc',
      // By name: a Node that cannot run TypeScript says so, instead of finding nothing.
      test: `node --test ${name}.test.ts`,
    },
    dependencies: { '@quotewright/core': version(core), quotewright: version(PACKAGE) },
    devDependencies: { '@types/node': '^24.0.0', typescript: '^6.0.0' },
    engines: { node: '>=24.15' },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

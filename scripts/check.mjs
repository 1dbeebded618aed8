// npm run check: everything that is not a test. Types, lint, format, import boundaries, dead code, licences, lockfile,
// packages as they would be published. Each check prints one line; the last line counts them.
import { spawnSync } from 'node:child_process';
import { environment, root, setupTools } from './setup.mjs';

const node = setupTools();
const tool = (path) => ['node_modules', path].join('/');

const CHECKS = {
  // First: it also builds what the package checks look at.
  types: [tool('ts7/bin/tsc'), '-b'],
  lint: [tool('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings'],
  format: [tool('oxfmt/bin/oxfmt'), '--check', '.'],
  boundaries: [tool('dependency-cruiser/bin/dependency-cruiser.mjs'), 'packages', 'apps', 'bench', 'soak', 'tests'],
  'dead code': [tool('knip/bin/knip.js')],
  licences: ['scripts/check-licences.mjs'],
  lockfile: [
    tool('lockfile-lint/bin/lockfile-lint.js'),
    '--path=package-lock.json',
    '--type=npm',
    '--validate-integrity',
    '--validate-https',
  ],
  'no hosts': ['scripts/check-hosts.mjs'],
  'types core': [tool('@arethetypeswrong/cli/dist/index.js'), '--pack', 'packages/core', '--profile', 'esm-only'],
  'package core': [tool('publint/src/cli.js'), 'packages/core', '--pack', 'npm'],
  'package ccxt': [tool('publint/src/cli.js'), 'packages/ccxt', '--pack', 'npm'],
  'package quotewright': [tool('publint/src/cli.js'), 'packages/quotewright', '--pack', 'npm'],
};

let failed = 0;
for (const [name, args] of Object.entries(CHECKS)) {
  const done = spawnSync(node, args, { cwd: root, env: environment(node), encoding: 'utf8' });
  const isGood = done.status === 0;
  process.stdout.write(`${isGood ? 'ok  ' : 'FAIL'} ${name}\n`);
  if (isGood) continue;
  failed++;
  process.stdout.write(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? String(done.error) : ''}\n`);
}
process.stdout.write(`${Object.keys(CHECKS).length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

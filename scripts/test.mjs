// npm test: sets the project up and runs every test. Arguments go to vitest: npm test -- packages/core
import { log, run, setup } from './setup.mjs';
import { ensureSystemParts } from './system-parts.mjs';

const node = setup({ dashboard: true });
ensureSystemParts(log);
process.exit(run(node, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]));

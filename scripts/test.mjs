// npm test: sets the project up and runs every test. Arguments go to vitest: npm test -- packages/core
import { run, setup } from './setup.mjs';

process.exit(run(setup(), ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]));

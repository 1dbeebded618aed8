// npm test: sets the project up and runs every test. Arguments go to vitest: npm test -- packages/core
import { ensureChromium } from './chromium.mjs';
import { log, run, setup } from './setup.mjs';

const node = setup();
ensureChromium(log);
process.exit(run(node, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]));

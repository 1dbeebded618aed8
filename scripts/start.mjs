// npm start: sets the project up and runs its main job so far: a generated order flow through the matching engine.
// Arguments go to the command: npm start -- --ops 5000000 --seed 7
import { join } from 'node:path';
import { root, run, setup } from './setup.mjs';

const main = join(root, 'packages', 'quotewright', 'src', 'cli', 'main.ts');
const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
process.exit(run(setup(), [...flags, main, 'match', 'demo', ...process.argv.slice(2)]));

// npm start: sets the project up and runs its main job so far: a generated order flow through the matching engine.
// Arguments go to the command: npm start -- --ops 5000000 --seed 7
import { run, setup } from './setup.mjs';

process.exit(run(setup(), ['packages/quotewright/bin/quotewright.js', 'match', 'demo', ...process.argv.slice(2)]));

// npm start: sets the project up and runs its main job: a market maker quoting in a living market, ten minutes of it at full speed.
// Arguments go to the command: npm start -- glft --duration 1h --seed 7
import { run, setup } from './setup.mjs';

process.exit(run(setup(), ['packages/quotewright/bin/quotewright.js', 'simulate', ...process.argv.slice(2)]));

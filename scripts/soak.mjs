// npm run soak -- --seeds N: sets the project up and runs sessions under seeded faults, from the sources. See soak/main.ts.
import { run, setup } from './setup.mjs';

process.exit(run(setup(), ['--conditions', 'source', 'soak/main.ts', ...process.argv.slice(2)]));

// node scripts/run.mjs FILE [ARG…]: runs one of the project's tools on the project's Node.
import { run, setup } from './setup.mjs';

process.exit(run(setup(), process.argv.slice(2)));

// node scripts/run.mjs FILE [ARG…]: runs one of the project's tools on the project's Node.
import { run, setupTools } from './setup.mjs';

process.exit(run(setupTools(), process.argv.slice(2)));

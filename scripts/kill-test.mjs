// npm run kill-test -- --kills 1000: kills sessions with SIGKILL at random moments, starts them again, and looks whether anything was
// lost or booked twice. Sets the project up and runs tests/support/kill-many.ts.
import { run, setup } from './setup.mjs';

process.exit(run(setup(), ['tests/support/kill-many.ts', ...process.argv.slice(2)]));

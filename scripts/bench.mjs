// npm run bench: sets the project up and runs the benchmarks. Arguments choose some of them: npm run bench -- match l2
import { run, setup } from './setup.mjs';

process.exit(run(setup(), ['--expose-gc', 'bench/dist/main.js', ...process.argv.slice(2)]));

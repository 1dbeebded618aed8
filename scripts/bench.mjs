// npm run bench: sets the project up and runs the benchmarks. Arguments choose some of them: npm run bench -- match l2
import { run, setup } from './setup.mjs';

const flags = ['--conditions=source', '--expose-gc', '--disable-warning=ExperimentalWarning'];
process.exit(run(setup(), [...flags, 'bench/main.ts', ...process.argv.slice(2)]));

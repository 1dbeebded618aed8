// npm run bench: sets the project up and runs the benchmarks. Arguments choose some of them: npm run bench -- match l2
import { findChromium } from './system-parts.mjs';
import { run, setup } from './setup.mjs';

const chromium = findChromium();
if (chromium) process.env.CHROMIUM = chromium;
process.exit(run(setup(), ['--expose-gc', 'bench/dist/main.js', ...process.argv.slice(2)]));

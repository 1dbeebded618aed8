// npm start: sets the project up and runs its main job: a market maker quoting in a living market of three instruments, with the dashboard.
// Arguments go to the command: npm start -- --scenario flash-crash --speed 10x
import { runLive, setup } from './setup.mjs';

const given = process.argv.slice(2);
const has = (...names) => given.some((each) => names.some((name) => each === name || each.startsWith(`${name}=`)));
// A session that goes on, or a market that is given, has its own.
const symbols = has('--symbols', '--market', '--replay', '--journal') ? [] : ['--symbols', 'BTC-USD,ETH-USD,SOL-USD'];
const risk = has('--risk', '--journal') ? [] : ['--risk', 'examples/start.yaml'];
const command = ['packages/quotewright/bin/quotewright.js', 'simulate', ...symbols, ...risk, ...given];
runLive(setup({ dashboard: true }), command);

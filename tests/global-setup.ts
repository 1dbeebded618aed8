/** Says once what this run of the tests leaves out. */
import { existsSync } from 'node:fs';

export default function announce(): void {
  if (existsSync('../shared/data')) return;
  process.stderr.write('tests: ../shared/data is not there, so the tests on recorded market data are left out\n');
}

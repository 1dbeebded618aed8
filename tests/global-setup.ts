/**
 * What the tests keep goes into a folder that is removed after them; and says once what this run of the tests leaves out. The program is started
 * hundreds of times: what V8 compiled of it the first time is kept there too.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function prepare(): () => void {
  const home = mkdtempSync(join(tmpdir(), 'quotewright-home-'));
  process.env['QUOTEWRIGHT_HOME'] = home;
  process.env['NODE_COMPILE_CACHE'] = join(home, 'compiled');
  if (!existsSync('../shared/data')) {
    process.stderr.write('tests: ../shared/data is not there, so the tests on recorded market data are left out\n');
  }
  return () => rmSync(home, { recursive: true, force: true });
}

/** The report as a PDF, printed by a headless Chromium. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../data/report.ts';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
const LIMIT_MS = 120_000;

/** @throws InputError when there is no Chromium, or it does not print. */
export async function printPdf(htmlPath: string, pdfPath: string, searchPath: string): Promise<void> {
  const browser = findBrowser(searchPath);
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-pdf-header-footer',
  ];
  const target = `--print-to-pdf=${resolve(pdfPath)}`;
  const child = spawn(browser, [...options, target, pathToFileURL(htmlPath).href], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  clearTimeout(timer);
  if (code === 0 && existsSync(pdfPath)) return;
  throw new InputError(`${browser} did not print ${pdfPath}: ${said.trim().split('\n').at(-1) || `exit code ${code}`}`);
}

/** @throws InputError when no folder of the search path holds one. */
function findBrowser(searchPath: string): string {
  for (const folder of searchPath.split(delimiter)) {
    for (const name of BROWSERS) if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  }
  throw new InputError(`--pdf: found no Chromium on the PATH, expected one of ${BROWSERS.join(', ')}`);
}

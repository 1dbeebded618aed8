/** The same sessions in Node and in a real browser: one hash over inputs, one over requests, the same money to the last digit. */
import { existsSync, readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { join, normalize } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionTexts } from './support/browser-session.ts';
import { findChromium } from '../scripts/system-parts.mjs';

const CORE = 'packages/core/dist';
const PAGE = '<!doctype html><script type="importmap">{"imports":{"@quotewright/core/":"/core/"}}</script>';
const executablePath = findChromium();

/** Serves the compiled core as it is, one file per module, and the sessions with their types stripped. */
function contentOf(path: string): readonly [type: string, body: string] | undefined {
  if (path === '/') return ['text/html', PAGE];
  if (path === '/session.js') {
    return ['text/javascript', stripTypeScriptTypes(readFileSync('tests/support/browser-session.ts', 'utf8'))];
  }
  const name = normalize(path).replace(/^\/core\//, '');
  const file = join(CORE, name.endsWith('.js') ? name : `${name}.js`);
  return path.startsWith('/core/') && existsSync(file) ? ['text/javascript', readFileSync(file, 'utf8')] : undefined;
}

describe.skipIf(executablePath === undefined)('a session in a browser', () => {
  let server: Server;
  let browser: Browser;
  let origin = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      const content = contentOf(request.url ?? '/');
      response.writeHead(content === undefined ? 404 : 200, { 'content-type': content?.[0] ?? 'text/plain' });
      response.end(content?.[1]);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    origin = `http://127.0.0.1:${address.port}`;
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox', '--disable-background-networking'],
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('takes the same inputs, sends the same requests and ends with the same money as in Node', async () => {
    const page = await browser.newPage();
    await page.goto(origin);
    const inBrowser: unknown = await page.evaluate('import("/session.js").then((session) => session.sessionTexts())');
    const inNode = sessionTexts();
    expect(inBrowser).toEqual(inNode);
    for (const session of Object.values(inNode)) {
      expect(session).toMatchObject({ fills: expect.any(Number), check: '' });
      expect(session).not.toMatchObject({ fills: 0 });
    }
  });
});

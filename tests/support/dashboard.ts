/** The real program with its server, and a real browser before it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { findChromium } from '../../scripts/system-parts.mjs';
import { type Started, start } from './session.ts';

/** Where the tests leave pictures for a person to look at. */
const PICTURES = '.cache/screenshots';
const PATIENCE_MS = 100_000;

export const executablePath = findChromium();

export interface Live extends Started {
  readonly url: string;
  readonly home: string;
  readonly token: string;
}

/** Starts `quotewright simulate` with a server on a free port, or the port given; answers when it listens. */
export async function startLive(home: string, args: readonly string[] = [], port = 0): Promise<Live> {
  const started = start(['simulate', '--port', String(port), ...args], { QUOTEWRIGHT_HOME: home });
  const url = await said(started, /dashboard (http\S+)/u);
  return { ...started, url, home, token: readFileSync(join(home, 'token'), 'utf8').trim() };
}

/** Waits until the program has said something; answers the first group. */
export async function said({ said: texts, ended }: Started, pattern: RegExp): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (;;) {
    const found = pattern.exec(texts.stderr + texts.stdout)?.[1];
    if (found !== undefined) return found;
    if (isOver || Date.now() > deadline) throw new Error(`never said ${pattern}: ${texts.stderr}${texts.stdout}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A browser for a file of tests. */
export function useBrowser(): { readonly open: (options?: OpenOptions) => Promise<Watched> } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox', '--disable-background-networking'],
    });
  });
  afterAll(async () => browser?.close());
  return { open: async (options = {}) => watch(await browser!.newContext(contextOf(options))) };
}

export interface OpenOptions {
  readonly isPhone?: boolean;
  readonly isLight?: boolean;
}

function contextOf({ isPhone = false, isLight = false }: OpenOptions) {
  return {
    viewport: isPhone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    colorScheme: isLight ? ('light' as const) : ('dark' as const),
  };
}

/** A page, and every complaint of the browser about it. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings on the console, uncaught exceptions, and answers of 5xx. */
  readonly complaints: string[];
}

async function watch(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // That a token is wanted is no fault: the page asks for it then.
    const isFault = message.type() === 'error' || message.type() === 'warning';
    if (isFault && !message.text().includes('status of 401')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, context, complaints };
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

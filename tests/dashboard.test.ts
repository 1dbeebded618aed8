/** The dashboard of a running session in a real browser: it loads, lives, survives its server, and nobody hears a complaint. */
import { expect, describe, test } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { executablePath, picture, startLive, useBrowser } from './support/dashboard.ts';

const temp = tempFolder();
const PAGES = ['market', 'performance', 'risk', 'model', 'backtests', 'flight', 'system'];

describe.skipIf(executablePath === undefined)('the dashboard', () => {
  const browser = useBrowser();

  test('shows a market that moves, and every page without a complaint of the browser', async () => {
    const live = await startLive(temp.fresh(), ['--speed', '10x', '--symbols', 'BTC-USD,ETH-USD']);
    const { page, complaints } = await browser.open();
    await page.goto(live.url);
    await page.getByText('Connected', { exact: true }).waitFor();
    const clock = page.locator('.header .fact-value');
    const first = await clock.textContent();
    await expect.poll(async () => clock.textContent()).not.toBe(first);
    await page.locator('.tape, [aria-label="Tape"]').first().getByText('own').first().waitFor();
    await picture(page, 'market-desktop');
    for (const name of PAGES) {
      await page.goto(`${live.url}/#/${name}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      await expect.poll(async () => page.locator('main').innerText()).toMatch(/\S{3}/u);
      await picture(page, `${name}-desktop`);
    }
    expect(complaints).toEqual([]);
  });

  test('goes on by itself when the program is killed and comes back at the same address', async () => {
    const home = temp.fresh();
    const dir = temp.fresh();
    const first = await startLive(home, ['--journal', dir]);
    const { page } = await browser.open();
    await page.goto(first.url);
    await page.getByText('Connected', { exact: true }).waitFor();
    first.child.kill('SIGKILL');
    await page
      .getByText(/^Lost since/u)
      .first()
      .waitFor();
    await picture(page, 'connection-lost');
    const port = Number(new URL(first.url).port);
    const second = await startLive(home, ['--journal', dir], port);
    expect(second.url).toBe(first.url);
    await page.getByText('Connected', { exact: true }).waitFor();
    const clock = page.locator('.header .fact-value');
    const then = await clock.textContent();
    await expect.poll(async () => clock.textContent()).not.toBe(then);
  });

  test('says that the session is over when it has ended', async () => {
    const live = await startLive(temp.fresh(), ['--speed', '10x']);
    const { page } = await browser.open();
    await page.goto(live.url);
    await page.getByText('Connected', { exact: true }).waitFor();
    live.child.kill('SIGINT');
    await page
      .getByText(/Session over|Lost since/u)
      .first()
      .waitFor();
    expect((await live.ended).status).toBe(130);
  });

  test('fits a phone: nothing wider than the screen, on any page', async () => {
    const live = await startLive(temp.fresh(), ['--speed', '10x', '--symbols', 'BTC-USD,ETH-USD']);
    const { page, complaints } = await browser.open({ isPhone: true, isLight: true });
    await page.goto(live.url);
    await page.locator('.dot-live').waitFor();
    for (const name of PAGES) {
      await page.goto(`${live.url}/#/${name}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      await expect.poll(async () => page.locator('main').innerText()).toMatch(/\S{3}/u);
      await picture(page, `${name}-phone`);
      const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      expect([name, widths]).toEqual([name, [390, 390]]);
    }
    expect(complaints).toEqual([]);
  });
});

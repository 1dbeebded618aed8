/** The pages of a paper session at the exchange on this machine: what it is, and what happens on the way to its venues. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { executablePath, picture, said, useBrowser } from './support/dashboard.ts';
import { start } from './support/session.ts';

const temp = tempFolder();
/** Three processes and a browser, on a machine that may have other things to do. */
const PATIENCE_MS = 300_000;
const SOON = { timeout: 30_000 };
const SYMBOLS = 'kraken:BTC/USD,coinbase:BTC-USD';

describe.skipIf(executablePath === undefined)('the dashboard of a session with venues', () => {
  const browser = useBrowser();

  test(
    'shows a connection that breaks, why, and that it is back',
    async () => {
      const home = temp.fresh();
      const venues = join(home, 'venues.yaml');
      const exchange = start(['exchange', '--port', '0', '--venues', 'coinbase,kraken', '--write-venues', venues]);
      const page = await said(exchange, /(http:\/\/127\.0\.0\.1:\d+)/u);
      const fault = async (body: object): Promise<void> => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${page}/faults`, { method: 'POST', headers, body: JSON.stringify(body) });
        expect(answer.ok).toBe(true);
      };
      const session = start(['paper', '--port', '0', '--venues', venues, '--symbols', SYMBOLS], {
        QUOTEWRIGHT_HOME: home,
      });
      const url = await said(session, /dashboard (http\S+)/u);
      const { page: tab, complaints } = await browser.open();
      await tab.goto(`${url}/#/system`);
      await tab.getByText('Connected', { exact: true }).waitFor();

      // What it is: not to be taken for anything else.
      expect(await tab.locator('.mode').textContent()).toBe('Paper');
      expect(await tab.locator('.live-strip').count()).toBe(0);
      await expect.poll(() => tab.title(), SOON).toBe('Paper · System · Quotewright');
      await expect.poll(() => tab.locator('.header .fact').textContent(), SOON).toMatch(/^UTC\d\d:\d\d:\d\d$/u);

      const row = tab.getByRole('region', { name: 'Venues: table' }).getByRole('row').filter({ hasText: 'kraken' });
      const events = tab.getByRole('region', { name: 'Events of the venues: table' });
      await row.getByText('● up').waitFor();
      await row.getByText('not sent').waitFor();
      await expect.poll(() => row.getByRole('cell').nth(4).textContent(), SOON).toMatch(/^[1-9]/u);
      await tab.getByText('None: every book is good').waitFor();
      const ready = async (): Promise<unknown> => (await fetch(`${url}/api/v1/ready`)).json();
      await expect.poll(ready, SOON).toMatchObject({ isReady: true });

      await fault({ venue: 'kraken', fault: 'maintenance', for: '1h' });
      await fault({ venue: 'kraken', fault: 'drop' });
      await row.getByText('○ down').waitFor();
      await tab.getByText('No market data comes from kraken: nothing is quoted there.').waitFor();
      await events.getByText('disconnected', { exact: false }).first().waitFor();
      const lost = tab.getByRole('region', { name: 'Books that are not believed: table' });
      await lost.getByText('kraken:BTC/USD').waitFor();
      const check = { name: 'feeds', isGood: false, detail: 'kraken: no connection for market data' };
      await expect.poll(ready, SOON).toMatchObject({ isReady: false, checks: expect.arrayContaining([check]) });
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('quotewright_venue_feed_up{venue="kraken"} 0');
      expect(metrics).toContain('quotewright_venue_feed_up{venue="coinbase"} 1');
      await picture(tab, 'venues-lost');

      await fault({ fault: 'none' });
      await row.getByText('● up').waitFor({ timeout: 60_000 });
      await tab.getByText('None: every book is good').waitFor();
      await expect.poll(ready, SOON).toMatchObject({ isReady: true });
      await picture(tab, 'venues-back');
      expect(Number(await row.getByRole('cell').nth(7).textContent())).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
      // No key of the venues is on a page or in a log.
      const key = readFileSync(join(`${venues}-keys`.replace('.yaml', ''), 'kraken', 'secret'), 'utf8').trim();
      expect(await tab.content()).not.toContain(key);

      session.child.kill('SIGINT');
      expect((await session.ended).status).toBe(130);
    },
    PATIENCE_MS,
  );

  test(
    'says on every page of a live session that orders are sent, and of a dry run that they are not',
    async () => {
      const home = temp.fresh();
      const venues = join(home, 'venues.yaml');
      const exchange = start(['exchange', '--port', '0', '--venues', 'kraken', '--write-venues', venues]);
      await said(exchange, /(http:\/\/127\.0\.0\.1:\d+)/u);
      const risk = temp.write('risk.yaml', 'limits: { global: { max_position_size: 0.1 } }\n');
      const args = ['live', '--port', '0', '--venues', venues, '--symbols', 'kraken:BTC/USD', '--risk', risk];
      const env = { QUOTEWRIGHT_HOME: home };
      const dry = start([...args, '--dry-run', '--cash', 'USD=1000'], env);
      const { page: dryTab } = await browser.open({ isPhone: true });
      await dryTab.goto(await said(dry, /dashboard (http\S+)/u));
      await expect.poll(() => dryTab.locator('.mode').textContent(), SOON).toBe('Dry run');
      expect(await dryTab.locator('.live-strip').count()).toBe(0);
      await dryTab.close();
      dry.child.kill('SIGINT');
      await dry.ended;

      const live = start([...args, '--confirm', '--cash', 'USD=1000'], env);
      const url = await said(live, /dashboard (http\S+)/u);
      const { page: tab, complaints } = await browser.open({ isPhone: true });
      for (const name of ['market', 'risk', 'system']) {
        await tab.goto(`${url}/#/${name}`);
        await tab.getByText('Live trading. Orders are sent to kraken.').waitFor();
        expect(await tab.locator('.mode').textContent()).toBe('LIVE');
        expect(await tab.title()).toMatch(/^LIVE · /u);
        const widths = await tab.evaluate('[document.documentElement.scrollWidth, innerWidth]');
        expect([name, widths]).toEqual([name, [390, 390]]);
      }
      const row = tab.getByRole('region', { name: 'Venues: table' }).getByRole('row').filter({ hasText: 'kraken' });
      await expect.poll(() => row.getByText('● up').count(), SOON).toBe(2);
      await picture(tab, 'live-phone');
      expect(complaints).toEqual([]);
      live.child.kill('SIGINT');
      await live.ended;
    },
    PATIENCE_MS,
  );
});

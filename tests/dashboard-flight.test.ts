/** The flight recorder and the backtests of the page, on the journal of the session that is running. */
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { executablePath, picture, startLive, useBrowser } from './support/dashboard.ts';

const temp = tempFolder();
/** Some fills a second; no faster, as what is replayed and backtested meanwhile gets longer. */
const SPED_UP = ['--speed', '5x', '--symbols', 'BTC-USD'];

describe.skipIf(executablePath === undefined)('looking back', () => {
  const browser = useBrowser();

  test('the flight recorder opens the journal, steps event by event and fill by fill, and plays', async () => {
    const live = await startLive(temp.fresh(), SPED_UP);
    const { page, complaints } = await browser.open();
    await page.goto(`${live.url}/#/market`);
    await page.getByText('own', { exact: false }).first().waitFor();
    // Enough of it that there is something to find.
    await expect.poll(async () => fillsOf(live.url)).toBeGreaterThan(10);
    await page.goto(`${live.url}/#/flight`);
    await page.getByRole('button', { name: /^Open/u }).first().click();
    const slider = page.getByRole('slider', { name: 'Instant of the flight' });
    await slider.waitFor();
    await page.getByText('Trading at this instant').waitFor();
    const instant = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));
    await expect.poll(instant).toBeGreaterThan(0);
    const middle = await instant();
    await page.getByRole('button', { name: 'event ▶' }).click();
    await expect.poll(instant).toBe(middle + 1);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(instant).toBe(middle);
    await page.getByRole('button', { name: /next fill/u }).click();
    await expect.poll(instant).toBeGreaterThan(middle);
    await page.locator('[aria-current="step"]').getByText('FILL').waitFor();
    await picture(page, 'flight-at-a-fill');
    const atFill = await instant();
    await slider.focus();
    await page.keyboard.press('Home');
    await expect.poll(instant).toBe(0);
    await page.getByRole('button', { name: /next fill/u }).click();
    await expect.poll(async () => (await instant()) > 0 && (await instant()) <= atFill).toBe(true);
    const firstFill = await instant();
    await page.getByRole('button', { name: /play/u }).click();
    await expect.poll(instant).toBeGreaterThan(firstFill + 20);
    expect(complaints).toEqual([]);
  });

  test('a backtest is started, watched and read, and two are compared', async () => {
    const live = await startLive(temp.fresh(), SPED_UP);
    const { page, context, complaints } = await browser.open();
    await expect.poll(async () => fillsOf(live.url)).toBeGreaterThan(10);
    await page.goto(`${live.url}/#/backtests`);
    for (const strategy of ['basic-maker', 'glft']) {
      await page.getByLabel('Strategy').selectOption(strategy);
      await page.getByRole('button', { name: 'Start' }).click();
      if (strategy === 'basic-maker') {
        await page.getByLabel('Token', { exact: true }).fill(live.token);
        await page.getByRole('button', { name: 'Use it' }).click();
      }
      await page.getByRole('row').filter({ hasText: strategy }).getByText('done').waitFor({ timeout: 90_000 });
    }
    for (const box of await page.getByRole('checkbox', { name: /^Compare/u }).all()) await box.check();
    await page.getByText('Side by side').waitFor();
    await page.getByRole('cell', { name: /^Net P&L/u }).waitFor();
    await picture(page, 'backtests-compared');
    const opened = context.waitForEvent('page');
    await page
      .getByRole('link', { name: /Report/u })
      .first()
      .click();
    const report = await opened;
    await report.waitForLoadState();
    expect(await report.title()).toMatch(/\S/u);
    await picture(report, 'backtest-report');
    expect(complaints).toEqual([]);
  });
});

async function fillsOf(url: string): Promise<number> {
  const fills: readonly unknown[] = JSON.parse(await (await fetch(`${url}/api/v1/fills`)).text());
  return fills.length;
}

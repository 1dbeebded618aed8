/** Every page in both themes, before axe: no finding that is serious. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { executablePath, picture, startLive, useBrowser } from './support/dashboard.ts';

const temp = tempFolder();
const PAGES = ['market', 'performance', 'risk', 'model', 'backtests', 'flight', 'system'];

describe.skipIf(executablePath === undefined)('accessibility', () => {
  const browser = useBrowser();

  test('no serious finding, dark or light', async () => {
    const live = await startLive(temp.fresh(), ['--symbols', 'BTC-USD']);
    const { page } = await browser.open();
    const found: string[] = [];
    for (const name of PAGES) {
      await page.goto(`${live.url}/#/${name}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      await expect.poll(async () => page.locator('main').innerText()).toMatch(/\S{3}/u);
      found.push(...(await inBothThemes(page, name)));
    }
    await page.getByRole('button', { name: 'Kill switch' }).click();
    await page.getByLabel('Token', { exact: true }).waitFor();
    found.push(...(await inBothThemes(page, 'token dialog')));
    expect(found).toEqual([]);
  });
});

/** The page is left dark. */
async function inBothThemes(page: Page, name: string): Promise<string[]> {
  const dark = await seriousOf(page, name, false);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await seriousOf(page, `${name}, light`, true);
  await picture(page, `${name.replace(' ', '-')}-light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  return [...dark, ...light];
}

/** The themes differ in colours alone: the second is looked at for those. */
async function seriousOf(page: Page, name: string, isColoursOnly: boolean): Promise<string[]> {
  // There are no frames in the page: no other page has to be opened to put the findings of all of them together.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (isColoursOnly) axe.withRules(['color-contrast']);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${name}: ${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
}

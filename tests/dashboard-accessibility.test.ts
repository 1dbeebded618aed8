/** Every page in both themes, before axe: no finding that is serious. */
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { executablePath, picture, startLive, useBrowser } from './support/dashboard.ts';

const temp = tempFolder();
const PAGES = ['market', 'performance', 'risk', 'model', 'backtests', 'flight', 'system'];

describe.skipIf(executablePath === undefined)('accessibility', () => {
  const browser = useBrowser();

  test.each([{ isLight: false }, { isLight: true }])('no serious finding, %o', async (theme) => {
    const live = await startLive(temp.fresh(), ['--symbols', 'BTC-USD']);
    const { page } = await browser.open(theme);
    const found: string[] = [];
    for (const name of PAGES) {
      await page.goto(`${live.url}/#/${name}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      await expect.poll(async () => page.locator('main').innerText(), { timeout: 20_000 }).toMatch(/\S{3}/u);
      found.push(...(await seriousOf(page, name, theme.isLight)));
      if (theme.isLight) await picture(page, `${name}-light`);
    }
    await page.getByRole('button', { name: 'Kill switch' }).click();
    await page.getByLabel('Token', { exact: true }).waitFor();
    found.push(...(await seriousOf(page, 'token dialog', theme.isLight)));
    expect(found).toEqual([]);
  });
});

/** The themes differ in colours alone: the second is looked at for those. */
async function seriousOf(page: Parameters<typeof picture>[0], name: string, isColoursOnly: boolean): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (isColoursOnly) axe.withRules(['color-contrast']);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${name}: ${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
}

/** Acting from the page: the token is asked for once, a wrong one is refused, and what is done is done in the session. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { type Live, executablePath, picture, startLive, useBrowser } from './support/dashboard.ts';

const temp = tempFolder();

/** What the session's audit log holds. */
function audited({ home }: Live): string {
  const sessions = join(home, 'sessions');
  const [id] = readdirSync(sessions);
  const folder = join(sessions, id!, 'audit');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

async function giveToken(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Use it' }).click();
}

async function riskState({ url }: Live): Promise<unknown> {
  const answer: { state: unknown } = JSON.parse(await (await fetch(`${url}/api/v1/risk`)).text());
  return answer.state;
}

describe.skipIf(executablePath === undefined)('acting from the dashboard', () => {
  const browser = useBrowser();

  test('the kill switch asks for the token, refuses a wrong one, and halts trading', async () => {
    const live = await startLive(temp.fresh(), ['--speed', '10x']);
    const { page } = await browser.open();
    await page.goto(live.url);
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Kill switch' }).click();
    await giveToken(page, 'a-token-that-nobody-made');
    const word = page.getByLabel(/and press Enter/u);
    await word.fill('KIL');
    await word.press('Enter');
    expect(await riskState(live)).toBe('ACTIVE');
    await word.fill('KILL');
    await word.press('Enter');
    // The wrong one is found out by the server, and the right one is asked for.
    await giveToken(page, live.token);
    // Before that it says that trading is being halted.
    await page.getByText('Trading is halted.').waitFor();
    await picture(page, 'kill-outcome');
    expect(await riskState(live)).toBe('HALTED');
    await page.locator('.risk-state').getByText('HALTED').waitFor();
    expect(audited(live)).toContain('"kill"');
    expect(audited(live)).not.toContain(live.token);
    // Once is enough: the next thing is done without a question.
    await page.getByRole('button', { name: 'Close' }).click();
    await page.goto(`${live.url}/#/risk`);
    await page.getByRole('button', { name: 'ACTIVE' }).first().click();
    const confirm = page.getByRole('dialog').getByRole('button').last();
    if (await confirm.isVisible()) await confirm.click();
    await expect.poll(async () => riskState(live)).toBe('ACTIVE');
    expect(live.said.stderr + live.said.stdout).not.toContain(live.token);
  });
});

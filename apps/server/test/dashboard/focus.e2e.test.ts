import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { createKey } from '../support/keys.js';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';

/** As long as Playwright waits. */
const soon = { timeout: 30_000 };
const focused = (page: Page) =>
  page.evaluate(() =>
    document.activeElement === document.body ? 'nothing' : document.activeElement?.textContent,
  );

/** Presses a button by keyboard. */
async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
}

async function expectFocus(page: Page, text: string): Promise<void> {
  await expect.poll(() => focused(page), soon).toBe(text);
}

describeInChromium('the focus of who works by keyboard', (chromium) => {
  it('goes to what is next when a control is gone', async () => {
    await using dashboard = await startDashboard();
    await createKey(dashboard.home, { name: 'zero' });
    const page = await chromium.open(dashboard, '#/requests?status=error');
    await press(page, 'Clear filters');
    await expectFocus(page, 'More filters');

    await page.goto(`${dashboard.url}/#/keys`);
    await press(page, 'Revoke zero');
    await press(page, 'Revoke the key');
    await page.getByText('zero is revoked.').waitFor();
    await expectFocus(page, 'Revoke the tests');

    await page.goto(`${dashboard.url}/#/overview`);
    await page.getByRole('button', { name: 'Copy the command' }).focus();
    await dashboard.ask('What is a tide?');
    await page.getByText('Recent calls').waitFor();
    await expect.poll(() => focused(page), soon).not.toBe('nothing');
  });

  it('stays at a button that cannot be pressed while it works', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/settings');
    await press(page, 'Look again');
    await page.locator('.checks li').first().waitFor();
    await expectFocus(page, 'Look again');

    await page.goto(`${dashboard.url}/#/playground`);
    await expect.poll(() => page.getByLabel('Model').inputValue(), soon).not.toBe('');
    dashboard.simulator.setFaults('delay=500');
    await press(page, 'Send');
    await expectFocus(page, 'Stop');
    await page.getByRole('status').getByText('Done').waitFor();
    await expectFocus(page, 'Send again');
  });

  it('follows what takes the place of a form or a panel', async () => {
    await using dashboard = await startDashboard({ AI_TOOLKIT_MODEL: 'claude-opus-4-5' });
    const page = await chromium.open(dashboard, '#/projects');
    await press(page, 'Make the first project');
    await page.keyboard.type('Tide clock');
    await page.getByLabel('Idea').fill('A clock.');
    await press(page, 'Make it');
    await expectFocus(page, 'Tide clock');
    await press(page, 'Edit the idea');
    await press(page, 'Cancel');
    await expectFocus(page, 'Edit the idea');
    dashboard.simulator.setFaults('chunk-delay=20');
    await press(page, 'Run 6 stages');
    await expectFocus(page, 'Stop');
    await page.keyboard.press('Enter');
    await page.getByText('The run was stopped').waitFor();
    await expectFocus(page, 'Close');
  });

  it('is left alone when somebody puts it nowhere', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/requests');
    await page.getByRole('button', { name: 'Pause' }).focus();
    await page.getByRole('heading', { level: 2, name: 'Requests' }).click();
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await dashboard.ask('What is a tide?');
    await page.getByText('1 shown').waitFor();
    expect(await focused(page)).toBe('nothing');
  });
});

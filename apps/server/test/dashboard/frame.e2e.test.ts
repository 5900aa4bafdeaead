import type { Page, Request } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

/** As when another tab of the window comes into view, or this one again. */
function turn(page: Page, visibility: DocumentVisibilityState): Promise<void> {
  return page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibility);
}

describeInChromium('the frame of the dashboard', (chromium) => {
  it('names the view in the title and the navigation, and moves the focus to its heading', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const current = page.locator('nav [aria-current="page"]');
    await page.getByRole('heading', { level: 2, name: 'Overview' }).waitFor();
    expect(await page.title()).toBe('Overview · AI Toolkit');
    expect(await current.textContent()).toBe('Overview');
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);

    await page.goto(`${dashboard.url}/#/nowhere/at%20all?x=1`);
    await page.getByText('There is no view "nowhere".').waitFor();
    expect(await page.title()).toBe('Not found · AI Toolkit');
    expect(await current.count()).toBe(0);
    expect(await focused()).toBe('Not found');

    await page.goBack();
    await page.getByRole('heading', { level: 2, name: 'Overview' }).waitFor();
    await expect.poll(focused).toBe('Overview');
    await page.goForward();
    await page.getByRole('link', { name: 'Go to the overview' }).click();
    await expect.poll(focused).toBe('Overview');
    await expect.poll(() => current.textContent()).toBe('Overview');
  });

  it('holds no connection while it is out of sight, and is up to date when it comes back', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/overview');
    const rows = page.locator('.calls tbody tr');
    const isStream = (request: Request): boolean => request.url().endsWith('/api/usage/events');
    await dashboard.ask('What is a tide?');
    await expect.poll(() => rows.count()).toBe(1);
    const ended = page.waitForEvent('requestfailed', isStream);
    await turn(page, 'hidden');
    await ended;
    await dashboard.ask('What is an ebb?');
    const begun = page.waitForEvent('request', isStream);
    await turn(page, 'visible');
    await begun;
    await page.getByText('Live', { exact: true }).waitFor();
    await expect.poll(() => rows.count()).toBe(2);
    await dashboard.ask('What is a flood?');
    await expect.poll(() => rows.count()).toBe(3);
  });

  it('shows what the real server counts', async () => {
    await using dashboard = await startDashboard();
    for (const prompt of ['What is a tide?', 'What is a tide?', 'What is a tide?', 'What is an ebb?'])
      expect((await dashboard.ask(prompt)).status).toBe(200);
    const page = await chromium.open(dashboard, '#/overview');
    await page.getByTestId('hit-rate').getByText('50').waitFor();
    const rows = page.locator('.calls tbody tr');
    await expect.poll(() => rows.count()).toBe(4);
    await dashboard.ask('What is an ebb?');
    await page.getByTestId('hit-rate').getByText('60').waitFor();
    await expect.poll(() => rows.count()).toBe(5);
    const prompts = Array.from({ length: 40 }, (_, index) => `What is tide ${index % 9}?`);
    const models = ['gpt-4o-mini', 'gpt-4.1', 'gpt-4o'];
    for (const [index, prompt] of prompts.entries())
      await dashboard.ask(prompt, { model: models[index % models.length] });
    await page.getByTestId('calls').getByText('45').waitFor();
    await expectGoodLooks(page, 'overview');
  });
});

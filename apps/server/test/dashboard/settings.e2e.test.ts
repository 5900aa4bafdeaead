import { expect, it } from 'vitest';
import { choose } from './support/choose.js';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

describeInChromium('the settings view', (chromium) => {
  it('tells what is configured, by what, and how the parts are, without a secret', async () => {
    await using dashboard = await startDashboard({ AI_TOOLKIT_LOG_LEVEL: 'warn' });
    const page = await chromium.open(dashboard, '#/settings');
    const setting = (path: string) =>
      page.getByRole('row').filter({ has: page.locator('code', { hasText: new RegExp(`^${path}$`) }) });
    await setting('openai.apiKey').waitFor();
    expect(await setting('openai.apiKey').textContent()).toContain('********the environment');
    expect(await setting('cache.ttlMs').count(), 'a default').toBe(0);
    await choose(page.getByRole('group', { name: 'Settings to show' }), 'All');
    await setting('cache.ttlMs').getByText('default').waitFor();
    expect(await page.content()).not.toContain('sk-of-the-provider');
    const server = page.getByRole('region', { name: 'Server' });
    for (const text of ['Provider openai', 'Provider anthropic', dashboard.home])
      await server.getByText(text).first().waitFor();
    await page.getByRole('region', { name: 'Health' }).getByText('provider openai').waitFor();
    await page.getByText('With the admin, until').waitFor();
    await expectGoodLooks(page, 'settings');
  });

  it('says what is wrong first, with a remedy, and looks again', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/settings');
    const health = page.getByRole('region', { name: 'Health' });
    await health.locator('.badge').first().waitFor();
    expect(await health.getByText('failure', { exact: true }).count()).toBe(0);
    await dashboard.simulator.close();
    await health.getByRole('button', { name: 'Look again' }).click();
    await health.getByText('failure', { exact: true }).first().waitFor();
    expect(await health.locator('.badge').first().textContent()).toBe('failure');
    expect(await health.locator('.remedy').count()).toBeGreaterThan(0);
  });

  it('keeps the theme that was chosen, and follows the system again', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/settings', { colorScheme: 'light' });
    const isDark = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).colorScheme === 'dark');
    await choose(page, 'Dark');
    await expect.poll(isDark).toBe(true);
    await page.reload();
    await page.getByRole('radio', { name: 'Dark', checked: true }).waitFor({ state: 'attached' });
    expect(await isDark()).toBe(true);
    await page.getByRole('button', { name: 'Switch to the light theme' }).click();
    await page.getByRole('radio', { name: 'Light', checked: true }).waitFor({ state: 'attached' });
    await choose(page, 'Same as system');
    await expect.poll(isDark).toBe(false);
  });

  it('logs out', async () => {
    chromium.expectComplaint(/status of 401/);
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/settings');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });
});

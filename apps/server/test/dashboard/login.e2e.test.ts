import { expect, it } from 'vitest';
import { keysOf } from '../support/keys.js';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

describeInChromium('the login of the dashboard', (chromium) => {
  it('takes an admin key and no other, and shows the view that was asked for', async () => {
    chromium.expectComplaint(/status of 401/);
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/overview?from=a-link', { isLoggedIn: false });
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.title()).toBe('Log in · AI Toolkit');
    expect(await page.locator('nav').count(), 'nothing to go to').toBe(0);
    const field = page.getByLabel('Admin key');
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await expectGoodLooks(page, 'login');

    await field.fill(dashboard.gatewayKey);
    await page.keyboard.press('Enter');
    await page.getByText('This is not a usable admin key.').waitFor();
    await field.fill(dashboard.adminKey);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('heading', { level: 2, name: 'Overview' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Overview');

    // Neither the key nor the session is anywhere that a script could read.
    const readable = await page.evaluate(() =>
      JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, document.body.outerHTML]),
    );
    expect(readable).not.toContain(dashboard.adminKey.slice(4));
    expect(readable).not.toContain('ai-toolkit-session');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  it('is asked for again when the key of the session is revoked', async () => {
    chromium.expectComplaint(/status of 401/);
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '');
    await page.locator('.overview[aria-busy="false"]').waitFor();
    await using keyring = keysOf(dashboard.home);
    await keyring.revoke('the admin');
    // Another key, or the server would need none any more.
    const { secret } = await keyring.create({ name: 'another', role: 'admin' });
    await page.getByText('The session has ended.').waitFor();
    expect(await page.getByTestId('hit-rate').count(), 'no figure is left').toBe(0);
    await page.getByLabel('Admin key').fill(secret);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
  });
});

import { expect, it } from 'vitest';
import { createKey, keysOf } from '../support/keys.js';
import { choose } from './support/choose.js';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

describeInChromium('the keys view', (chromium) => {
  it('makes a key that works, shows it once, and revokes it', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/keys', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const rows = page.locator('.keys tbody tr');
    await page.getByRole('rowheader', { name: 'the tests' }).waitFor();
    await expect.poll(() => rows.count()).toBe(2);

    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Tide clock');
    await dialog.getByLabel('Tenant').fill('tides');
    await dialog.getByRole('textbox', { name: 'Models' }).fill('gpt-4o-mini, text-*');
    await dialog.getByLabel('Requests per minute').fill('50');
    await dialog.getByLabel('Budget, US dollars').fill('2.5');
    await dialog.getByLabel('Budget resets').selectOption('day');
    const days = dialog.getByLabel('Expires after, days');
    await days.fill('100000000');
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    expect(await days.evaluate((input: HTMLInputElement) => input.validity.rangeOverflow)).toBe(true);
    await days.fill('30');
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    await page.getByRole('dialog', { name: 'The key for Tide clock' }).waitFor();
    const secret = (await dialog.locator('pre').textContent()) ?? '';
    expect(secret).toMatch(/^ait-[\w-]{43}$/);
    await dialog.getByRole('button', { name: 'Copy the key' }).click();
    await dialog.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    // Easily pressed, and the key would be gone.
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(1);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(secret);

    const row = rows.filter({ hasText: 'Tide clock' });
    await row.waitFor();
    for (const text of [
      'tides',
      'gpt-4o-mini, text-*',
      '50 requests/min',
      '$0 of $2.50',
      'this day',
      'in use',
    ])
      await expect.poll(() => row.textContent()).toContain(text);
    const headers = { authorization: `Bearer ${secret}` };
    expect((await dashboard.ask('What is a tide?', {}, headers)).status).toBe(200);
    expect((await dashboard.ask('What is a tide?', { model: 'o3' }, headers)).status).toBe(403);

    await row.getByRole('button', { name: 'Revoke Tide clock' }).click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('Revoke Tide clock');
    expect((await dashboard.ask('What is a tide?', {}, headers)).status).toBe(200);
    await row.getByRole('button', { name: 'Revoke Tide clock' }).click();
    await dialog.getByRole('button', { name: 'Revoke the key' }).click();
    await page.getByText('Tide clock is revoked.').waitFor();
    await row.waitFor({ state: 'detached' });
    expect((await dashboard.ask('What is a tide?', {}, headers)).status).toBe(401);
    await choose(page, 'All');
    await row.getByText('revoked', { exact: true }).waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
  });

  it('says what is wrong with a key that cannot be, and keeps what was typed', async () => {
    chromium.expectComplaint(/status of 400/);
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('x');
    await dialog.getByLabel('Tenant').fill('no tenant at all');
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    await dialog.getByRole('alert').getByText('tenant must be').waitFor();
    expect(await dialog.getByLabel('Tenant').inputValue()).toBe('no tenant at all');
    await choose(dialog, 'Administers');
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    const secret = await page.getByRole('dialog', { name: 'The key for x' }).locator('pre').textContent();
    const headers = { authorization: `Bearer ${secret}` };
    expect((await fetch(`${dashboard.url}/api/keys`, { headers })).status).toBe(200);
  });

  it('is accessible and fits a phone, with every kind of key', async () => {
    await using dashboard = await startDashboard();
    const { home } = dashboard;
    const budget = { usd: 0.000_1, per: 'month', unpriced: 'refuse' } as const;
    const spender = await createKey(home, { name: 'With a budget', budget });
    await createKey(home, {
      name: 'Of many models',
      models: ['gpt-4o-mini', 'claude-*', 'text-embedding-3-small'],
    });
    await createKey(home, { name: 'With limits', requestsPerMinute: 60, tokensPerMinute: 100_000 });
    const expiresAt = Date.now() + 500;
    await createKey(home, { name: 'Expired', expiresAt });
    await createKey(home, { name: 'An admin', role: 'admin' });
    await createKey(home, { name: 'Revoked' });
    await using keyring = keysOf(home);
    await keyring.revoke('Revoked');
    const headers = { authorization: `Bearer ${spender}` };
    await expect.poll(async () => (await dashboard.ask('Hi', { max_tokens: 20 }, headers)).status).toBe(200);
    await expect.poll(() => Date.now()).toBeGreaterThan(expiresAt);
    const page = await chromium.open(dashboard, '#/keys');
    await choose(page, 'All');
    const states = page.locator('.keys .column-state .badge');
    await expect.poll(() => states.count()).toBe(8);
    expect(new Set(await states.allTextContents())).toEqual(new Set(['in use', 'expired', 'revoked']));
    await page.getByRole('button', { name: 'State' }).click();
    await expect.poll(() => states.first().textContent()).toBe('expired');
    await expectGoodLooks(page, 'keys');
    await page.setViewportSize({ width: 390, height: 844 });
    const revoke = await page.getByRole('button', { name: 'Revoke With a budget' }).boundingBox();
    expect((revoke?.x ?? 0) + (revoke?.width ?? 0), 'right edge of "Revoke", px').toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('button', { name: 'New key' }).click();
    await expectGoodLooks(page, 'keys-new');
  });
});

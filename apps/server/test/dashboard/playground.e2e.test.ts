import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { choose } from './support/choose.js';
import { describeInChromium } from './support/chromium.js';
import { type Dashboard, startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

/** As long as Playwright waits. */
const soon = { timeout: 30_000 };

const badge = (page: Page) => page.locator('.answer .badge');
const textOf = (page: Page) => page.getByRole('region', { name: 'Text of the answer' });
/** What models were asked; lists of models are none. */
const askedBy = ({ simulator }: Dashboard) => simulator.requests().filter(({ method }) => method === 'POST');
const send = (page: Page, name = 'Send') => page.getByRole('button', { name, exact: true }).click();
const fact = (page: Page, name: string) =>
  page.locator('.answer-facts > div').filter({ hasText: name }).locator('dd').textContent();

describeInChromium('the playground', (chromium) => {
  it('streams an answer, and the second time has it from the cache', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/playground');
    await expect.poll(() => page.getByLabel('Model').inputValue(), soon).not.toBe('');
    await page.getByLabel('Model').fill('claude-opus-4-5');
    await page.getByLabel('System').fill('You know the sea.');
    await page.getByLabel('User').fill('Write a plan for a tide clock, with the headings Parts and Steps.');
    dashboard.simulator.setFaults('chunk-delay=20');
    await send(page);
    await expect.poll(async () => (await textOf(page).textContent())?.length ?? 0, soon).toBeGreaterThan(40);
    await page.getByText('Streaming…').waitFor();
    const early = (await textOf(page).textContent())?.length ?? 0;
    await page.getByRole('status').getByText('Done').waitFor();
    dashboard.simulator.clearFaults();
    const whole = (await textOf(page).textContent()) ?? '';
    expect(whole.length).toBeGreaterThan(early);
    expect(await badge(page).textContent()).toBe('MISS');
    expect(await fact(page, 'Attempts')).toBe('1');
    await expect.poll(() => fact(page, 'Cost'), soon).toMatch(/^\$0\.0\d+$/);
    const { input, output } = dashboard.simulator.stats().tokens;
    const count = new Intl.NumberFormat('en-US');
    expect(await fact(page, 'Tokens')).toBe(`${count.format(input)} / ${count.format(output)}`);

    await send(page, 'Send again');
    await expect.poll(() => badge(page).textContent(), soon).toBe('HIT');
    await page.getByRole('status').getByText('Done').waitFor();
    expect(await textOf(page).textContent()).toBe(whole);
    expect(await fact(page, 'Attempts')).toBe('0');
    expect(await fact(page, 'Cost')).toBe('$0');
    await expect.poll(() => fact(page, 'Saved'), soon).toMatch(/^\$0\.0\d+$/);
    expect(askedBy(dashboard)).toHaveLength(1);
    await expectGoodLooks(page, 'playground');

    await page.getByRole('button', { name: '1 claude-opus-4-5' }).click();
    expect(await badge(page).textContent()).toBe('MISS');
    await page.locator('.ids').getByRole('link').first().click();
    await page.getByText('Asked the provider: nothing was cached.').waitFor();
    await page.getByRole('link', { name: 'Its answer in the cache' }).click();
    await page.getByRole('heading', { name: 'Stored answer' }).waitFor();
  });

  it.each(['Responses', 'Messages'])('speaks %s, streamed or not', async (surface) => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/playground');
    await page.getByLabel('Model').fill(surface === 'Messages' ? 'claude-opus-4-5' : 'gpt-4o-mini');
    await choose(page, surface);
    await send(page);
    await page.getByRole('status').getByText('Done').waitFor();
    const whole = (await textOf(page).textContent()) ?? '';
    expect(whole).toContain('Simulated answer');
    expect(await fact(page, 'Tokens')).toMatch(/^\d+ \/ \d+$/);
    await page.getByLabel('Stream').uncheck();
    await send(page);
    await expect.poll(() => badge(page).textContent(), soon).toBe('HIT');
    await expect.poll(() => textOf(page).textContent(), soon).toBe(whole);
  });

  it('stops: the call to the provider ends, and what was said stays', async () => {
    await using dashboard = await startDashboard();
    dashboard.simulator.setFaults('chunk-delay=40');
    const page = await chromium.open(dashboard, '#/playground');
    await page.getByLabel('Model').fill('gpt-4o-mini');
    await page.getByLabel('User').fill('Write a plan for a tide clock, with the headings Parts and Steps.');
    await send(page);
    await expect.poll(async () => (await textOf(page).textContent())?.length ?? 0, soon).toBeGreaterThan(20);
    await send(page, 'Stop');
    await page.getByRole('status').getByText('Stopped').waitFor();
    await expect.poll(() => dashboard.simulator.stats().abortedStreams, soon).toBe(1);
    expect((await textOf(page).textContent())?.length).toBeGreaterThan(20);
  });

  it('uses the cache as it is told, and shows refusals with code and remedy', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/playground');
    await page.getByLabel('Model').fill('gpt-4o-mini');
    await choose(page, 'Only if cached');
    chromium.expectComplaint(/status of (504|400|502)/);
    await send(page);
    await page.getByRole('alert').getByText('AI_NOT_CACHED').waitFor();
    expect(askedBy(dashboard)).toHaveLength(0);
    for (const [mode, outcome, requests] of [
      ['No store', /BYPASS|MISS/, 1],
      ['Use', 'MISS', 2],
      ['Refresh', 'REFRESH', 3],
      ['Only if cached', 'HIT', 3],
    ] as const) {
      await choose(page, mode);
      await send(page);
      await page.getByRole('status').getByText('Done').waitFor();
      await expect.poll(() => badge(page).textContent(), soon).toMatch(outcome);
      expect(askedBy(dashboard), mode).toHaveLength(requests);
    }
    await choose(page, 'Use');
    await page.getByLabel('User').fill('Fail.');
    dashboard.simulator.setFaults('status=400');
    await send(page);
    await page.getByRole('alert').locator('.detail').getByText('400').waitFor();
    dashboard.simulator.setFaults('error-after=2');
    await page.getByLabel('User').fill('Fail in the middle.');
    await send(page);
    await page.getByRole('status').getByText('Failed').waitFor();
    await page.getByRole('alert').getByText('The server had an error').waitFor();
    await page.getByText('More parameters').click();
    await page.getByLabel('Members of the body').fill('[');
    await page.getByText('This is not a JSON object.').waitFor();
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  });

  it('asks for a key where one is needed, and forgets it with the page', async () => {
    await using dashboard = await startDashboard({}, '[server]\nrequireKeys = true');
    const page = await chromium.open(dashboard, '#/playground');
    const field = page.getByLabel('Gateway key');
    await field.waitFor();
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    await expectGoodLooks(page);
    chromium.expectComplaint(/status of (401|403)/);
    // A key that opens the dashboard opens no model.
    await field.fill(dashboard.adminKey);
    await page.getByRole('button', { name: 'Use the key' }).click();
    await page.getByText(/models are asked with a gateway key/).waitFor();
    await field.fill(dashboard.gatewayKey);
    await page.getByRole('button', { name: 'Use the key' }).click();
    await expect.poll(() => page.getByLabel('Model').inputValue(), soon).not.toBe('');
    await page.getByLabel('Model').fill('gpt-4o-mini');
    await send(page);
    await page.getByRole('status').getByText('Done').waitFor();

    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    const shown = await page.content();
    for (const text of [kept, shown, page.url()]) expect(text).not.toContain(dashboard.gatewayKey);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 2, name: 'Overview' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Forget it' }).waitFor();
    await page.reload();
    await field.waitFor();
  });

  it('gives the request as a command that works, without the key', async () => {
    await using dashboard = await startDashboard({}, '[server]\nrequireKeys = true');
    const page = await chromium.open(dashboard, '#/playground');
    await page.getByLabel('Gateway key').fill(dashboard.gatewayKey);
    await page.getByRole('button', { name: 'Use the key' }).click();
    await page.getByLabel('Model').fill('gpt-4o-mini');
    await page.getByLabel('User').fill(`Don't say "$HOME" or \`id\`.`);
    await page.getByLabel('Stream').uncheck();
    const command = await page.getByRole('region', { name: 'The request for curl' }).textContent();
    expect(command).not.toContain(dashboard.gatewayKey);
    const { stdout } = await promisify(execFile)('sh', ['-c', command ?? ''], {
      env: { ...process.env, AI_TOOLKIT_KEY: dashboard.gatewayKey },
    });
    expect(JSON.parse(stdout)).toMatchObject({ object: 'chat.completion' });
    const [asked] = askedBy(dashboard);
    expect(JSON.stringify(asked)).toContain(`Don't say`);
    await send(page);
    await expect.poll(() => badge(page).textContent(), soon).toBe('HIT');
    await page.getByRole('tab', { name: 'OpenAI SDK' }).click();
    await page.getByText('client.chat.completions.create').waitFor();
  });
});

import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { expect, it } from 'vitest';
import { choose } from './support/choose.js';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

const config = '[cache]\nkeepRequests = true\n';

describeInChromium('the cache', (chromium) => {
  it('says that nothing is stored', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/cache');
    await page.getByRole('heading', { name: 'Nothing is stored yet' }).waitFor();
    await page.getByText('not asked yet').first().waitFor();
    await expectGoodLooks(page);
  });

  it('is looked through page by page, with filters in the address', async () => {
    await using dashboard = await startDashboard({}, config);
    for (let index = 0; index < 120; index++)
      expect((await dashboard.ask(`Question of ${index} tides`)).status).toBe(200);
    await dashboard.ask('Another model', { model: 'gpt-4o' });
    const page = await chromium.open(dashboard, '#/cache');
    const rows = page.getByRole('region', { name: 'List of stored answers' }).locator('tbody tr');
    await page.getByText('100 shown of 121').waitFor();
    expect(await rows.count()).toBe(100);
    await expectGoodLooks(page, 'cache');
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('121 shown of 121').waitFor();
    expect(await rows.count()).toBe(121);

    await page.getByLabel('Model').fill('gpt-4o');
    await page.getByText('1 shown of 1', { exact: true }).waitFor();
    expect(page.url()).toContain('#/cache?model=gpt-4o');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Text', { exact: true }).fill('of 77 tides');
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByLabel('Surface').selectOption('messages');
    await page.getByText('No stored answer is like this.').waitFor();
    expect(page.url()).toContain('surface=messages');
  });

  it('opens an answer, shows its text as text, and deletes it', async () => {
    await using dashboard = await startDashboard({}, config);
    const asked = await dashboard.ask('Is <b id="markup">this</b> bold?');
    const key = asked.headers.get('x-cache-key') ?? '';
    const page = await chromium.open(dashboard, '#/cache');
    await page.getByRole('link', { name: key.slice(0, 12) }).click();
    await page.getByRole('heading', { name: 'Stored answer' }).waitFor();
    await page.getByText(/^(29|30) d.* left$/).waitFor();
    await page.getByText('model:gpt-4o-mini').waitFor();
    const answer = page.getByRole('region', { name: 'The answer' });
    expect(await answer.textContent()).toMatch(/^Simulated answer: .*<b/s);
    await page.getByRole('tab', { name: 'Request' }).click();
    await page.getByText('Is <b id=\\"markup\\">this</b> bold?').waitFor();
    expect(await page.locator('#markup').count()).toBe(0);
    await page.getByRole('tab', { name: 'Answer' }).click();
    await expectGoodLooks(page, 'cache-entry');

    await page.getByRole('button', { name: 'Delete…' }).click();
    await expectGoodLooks(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await dashboard.ask('Is <b id="markup">this</b> bold?')).cache).toBe('HIT');
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete the answer' }).click();
    await page.getByText(`The answer ${key.slice(0, 12)} is deleted`).waitFor();
    await page.getByRole('heading', { name: 'Nothing is stored yet' }).waitFor();
    expect((await dashboard.ask('Is <b id="markup">this</b> bold?')).cache).toBe('MISS');

    chromium.expectComplaint(/status of 404/);
    await page.goto(`${dashboard.url}/#/cache/entries/${'0'.repeat(64)}`);
    await page.getByText('There is no stored answer 000000000000.').waitFor();
  });

  it('reads the words of a streamed answer', async () => {
    await using dashboard = await startDashboard();
    const asked = await dashboard.ask('Say it in pieces', { stream: true });
    const page = await chromium.open(dashboard, `#/cache/entries/${asked.headers.get('x-cache-key')}`);
    const answer = page.getByRole('region', { name: 'The answer' });
    await answer.getByText('Simulated answer: ').waitFor();
    await page.getByRole('tab', { name: 'Events as stored' }).click();
    await page.getByText('data: [DONE]').waitFor();
    await page.getByRole('tab', { name: 'Request' }).click();
    await page.getByText('keepRequests = true').waitFor();
  });

  it('forgets the answers of a model, and says before how many', async () => {
    await using dashboard = await startDashboard();
    for (const prompt of ['One', 'Two', 'Three']) await dashboard.ask(prompt);
    await dashboard.ask('Kept', { model: 'gpt-4o' });
    const page = await chromium.open(dashboard, '#/cache');
    await page.getByText('4 shown of 4').waitFor();
    await page.getByRole('button', { name: 'Delete many…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete them' }).click();
    await dialog.getByText('Name the model.').waitFor();
    await dialog.getByRole('textbox', { name: 'Model' }).fill('gpt-4o-mini');
    await dialog.getByText(/^3 answers, .* will be gone\.$/).waitFor();
    await expectGoodLooks(page);
    await dialog.getByRole('button', { name: 'Delete them' }).click();
    await page.getByText('The answers of model:gpt-4o-mini were deleted').waitFor();
    await page.getByText('1 shown of 1').waitFor();
    expect((await dashboard.ask('One')).cache).toBe('MISS');
    expect((await dashboard.ask('Kept', { model: 'gpt-4o' })).cache).toBe('HIT');
  });

  it('explains why a request misses, and marks what differs from another', async () => {
    await using dashboard = await startDashboard({}, config);
    const body = (content: string) =>
      JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] });
    const asked = await dashboard.ask('The tide at 10:15, please');
    const key = asked.headers.get('x-cache-key') ?? '';
    const page = await chromium.open(dashboard, '#/cache/explain');
    const explain = page.getByRole('button', { name: 'Explain' });
    await explain.click();
    await page.getByText('Paste the body of a request.').waitFor();
    await page.getByLabel('Body of the request').fill(body('The tide at 10:15, please'));
    await explain.click();
    await page.getByText(/^It would be a hit: an answer in memory/).waitFor();
    expect(await page.getByRole('link', { name: 'Open the answer' }).getAttribute('href')).toBe(
      `#/cache/entries/${key}`,
    );

    await choose(page, 'A second request');
    await page.getByLabel('Body of the second request').fill(body('The tide at 10:16, please'));
    await explain.click();
    await page.getByRole('heading', { name: 'They have different keys' }).waitFor();
    await page.getByText('messages[0].content').waitFor();
    await page.getByText('differs only in a timestamp').waitFor();
    expect(await page.locator('mark').allTextContents()).toEqual(['15', '16']);

    await page.getByLabel('Body of the request').fill(body('The tide at 10:17, please'));
    await choose(page, 'A stored answer');
    await page.getByLabel('Key of the stored answer').fill(key);
    await explain.click();
    await page.getByText('It would be a miss: no answer has this key').waitFor();
    await page.getByText('makes another key').waitFor();
    await expect.poll(() => page.locator('mark').allTextContents()).toEqual(['17', '15']);
    await expectGoodLooks(page, 'cache-explain');

    await choose(page, 'The nearest stored one');
    await explain.click();
    await page.getByRole('heading', { name: 'How the nearest stored request differs' }).waitFor();
  });
});

describeInChromium('the cache with a tier in Redis', (chromium) => {
  describeWithRedis('that has no bound of its own', () => {
    it('shows what it holds, and no share of it', async () => {
      await using redis = await TestRedis.start();
      await using dashboard = await startDashboard({ REDIS_URL: redis.url });
      await dashboard.ask('What is a tide?');
      const page = await chromium.open(dashboard, '#/cache');
      const tier = page.locator('.tiers li').filter({ hasText: 'redis' });
      await tier.getByText(/^1 entry/).waitFor();
      expect(await tier.textContent()).not.toContain(' of 0 B');
      expect(await tier.locator('meter, .high').count()).toBe(0);
      await page.goto(`${dashboard.url}/#/overview`);
      await tier.getByText(/^1 entry/).waitFor();
      expect(await tier.textContent()).not.toContain(' of 0 B');
      expect(await tier.locator('meter').count()).toBe(0);
      expect(await page.locator('.tiers meter').count()).toBe(2);
    });
  });
});

import { join } from 'node:path';
import { createLedger } from '@ai-toolkit/usage';
import { expect, it } from 'vitest';
import { describeInChromium } from './support/chromium.js';
import { type Dashboard, startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

const tenants = ['default', 'reports', 'search'];

/** Puts calls into the ledger as another process would have. */
async function recordCalls(dashboard: Dashboard, count: number): Promise<void> {
  await using ledger = createLedger({
    path: join(dashboard.home, 'usage', 'ledger.sqlite'),
    maxBuffered: count,
    hitRowsPerSecond: count,
  });
  const start = Date.now() - 3_600_000;
  for (let index = 0; index < count; index++) {
    const hasFailed = index % 500 === 0;
    const isHit = index % 5 < 3 && !hasFailed;
    ledger.record({
      requestId: `made-${String(index).padStart(6, '0')}`,
      startedAt: start + index * 100,
      surface: 'chat',
      provider: 'openai',
      model: index % 3 === 0 ? 'gpt-4o' : 'gpt-4o-mini',
      tenant: tenants[index % 7] ?? 'default',
      streamed: index % 2 === 0,
      cache: isHit ? 'hit' : 'miss',
      status: hasFailed ? 'error' : 'ok',
      usage: { inputTokens: 100 + (index % 900), outputTokens: 50, cachedInputTokens: 0, reasoningTokens: 0 },
      durationMs: isHit ? 0.5 + (index % 20) / 10 : 200 + (index % 1000),
      upstreamMs: 200 + (index % 1000),
      attempts: isHit ? 0 : 1,
    });
  }
}

describeInChromium('the requests', (chromium) => {
  it('say that there are none', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/requests');
    await page.getByRole('heading', { name: 'No requests yet' }).waitFor();
    await expectGoodLooks(page);
  });

  it('come as they end, wait while paused, and are filtered by the address', async () => {
    await using dashboard = await startDashboard();
    const { simulator } = dashboard;
    await dashboard.ask('What is a tide?');
    const page = await chromium.open(dashboard, '#/requests');
    const rows = page.getByRole('region', { name: 'List of requests' }).locator('tbody tr:not(.gap)');
    await expect.poll(() => rows.count()).toBe(1);
    await dashboard.ask('What is a tide?');
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.first().textContent()).toContain('hit');

    await page.getByRole('button', { name: 'Pause' }).click();
    await dashboard.ask('What is an ebb?');
    simulator.setFaults('status=400; times=1');
    await dashboard.ask('What is a flood?');
    await page.getByText('2 more since').waitFor();
    expect(await rows.count()).toBe(2);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => rows.count()).toBe(4);

    await page.getByLabel('Cache').selectOption('hit');
    await expect.poll(() => rows.count()).toBe(1);
    expect(page.url()).toContain('#/requests?cache=hit');
    // One that is not asked for, then one that is.
    await dashboard.ask('What is a current?');
    await dashboard.ask('What is a tide?');
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => rows.count()).toBe(6);
    await page.getByLabel('Status').selectOption('error');
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByLabel('Key').selectOption('the admin');
    await page.getByText('No request matches.').waitFor();
    await page.getByLabel('Key').selectOption('the tests');
    await expect.poll(() => rows.count()).toBe(1);
  });

  it('are told one by one: what became of them, where the time went, what they cost', async () => {
    await using dashboard = await startDashboard({}, '[limits]\nmaxConcurrent = 1\n');
    dashboard.simulator.setFaults('delay=300');
    const [asked, waited] = await Promise.all([
      dashboard.ask('What is a tide?'),
      dashboard.ask('What is an ebb?'),
    ]);
    dashboard.simulator.clearFaults();
    const later = asked.headers.get('x-overhead-ms') ?? '0';
    const slow = Number(later) > Number(waited.headers.get('x-overhead-ms')) ? asked : waited;
    const page = await chromium.open(dashboard, `#/requests/${slow.headers.get('x-request-id')}`);
    await page.getByText('Asked the provider: nothing was cached.').waitFor();
    await page.getByText('Waited for limits').waitFor();
    await page.getByText('Provider', { exact: true }).first().waitFor();
    await page.getByText(/first byte after .*, .* in all/).waitFor();
    await page.getByText('the tests').waitFor();
    await expectGoodLooks(page, 'request');

    await page.getByRole('link', { name: 'Its answer in the cache' }).click();
    await page.getByRole('heading', { name: 'Stored answer' }).waitFor();
    await page.getByText(slow.headers.get('x-cache-key') ?? 'no key').waitFor();

    const hit = await dashboard.ask('What is a tide?');
    await page.goto(`${dashboard.url}/#/requests/${hit.headers.get('x-request-id')}`);
    await page.getByText('Answered from the cache.').waitFor();
    await page.getByText('none: no provider was asked').waitFor();
    expect(await page.getByRole('heading', { name: 'Why it asked the provider' }).count()).toBe(0);

    chromium.expectComplaint(/status of 404/);
    await page.goto(`${dashboard.url}/#/requests/nobody`);
    await page.getByText('There is no call "nobody".').waitFor();
  });

  it('say why they missed, with what differs marked', async () => {
    await using dashboard = await startDashboard({}, '[cache]\nkeepRequests = true\n');
    const timed = (time: string) => ({
      messages: [
        { role: 'system', content: `You are a guide to the sea. It is ${time}.` },
        { role: 'user', content: 'When is high tide?' },
      ],
    });
    await dashboard.ask('', timed('10:15:01'));
    const asked = await dashboard.ask('', timed('10:15:02'));
    const page = await chromium.open(dashboard, '#/requests');
    const list = page.getByRole('region', { name: 'List of requests' });
    await list.getByRole('link').first().click();
    await page.getByText(asked.headers.get('x-request-id') ?? 'no id').waitFor();
    await page.getByText('It differs from an earlier request in a few fields.').waitFor();
    await page.getByText('messages[0].content').waitFor();
    await page.getByText('differs only in a timestamp').waitFor();
    await expect.poll(() => page.locator('mark').allTextContents()).toEqual(['02', '01']);
    await expectGoodLooks(page, 'request-missed');
    await page.getByRole('link', { name: 'the nearest request that is stored' }).click();
    await page.getByRole('heading', { name: 'Stored answer' }).waitFor();

    await dashboard.ask('A fresh one', {}, { 'cache-control': 'no-cache' });
    await page.goto(`${dashboard.url}/#/requests?cache=refresh`);
    await list.getByRole('link').first().click();
    await page.getByText('The caller asked for a fresh answer.').waitFor();
  });

  it('stay at hand when there are ten thousand of them', async () => {
    await using dashboard = await startDashboard();
    await recordCalls(dashboard, 10_000);
    const page = await chromium.open(dashboard, '#/requests');
    const list = page.getByRole('region', { name: 'List of requests' });
    const rows = list.locator('tbody tr:not(.gap)');
    await page.getByText('300 shown').waitFor();
    await expectGoodLooks(page, 'requests');
    // Whoever goes on to the end gets all of them.
    await expect
      .poll(
        async () => {
          await list.evaluate((place) => place.scrollTo(0, place.scrollHeight));
          return page.getByText('10,000 shown, and there are no more').count();
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    expect(await list.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');
    expect(await rows.count()).toBeLessThan(120);
    await list.evaluate((place) => place.scrollTo(0, place.scrollHeight));
    await expect.poll(() => rows.last().getAttribute('aria-rowindex')).toBe('10001');

    // It scrolls, sorts, takes new calls and opens one, with all of them in the list.
    await list.evaluate((place) => place.scrollTo(0, 0));
    await dashboard.ask('What is a tide?');
    await page.getByText('10,001 shown').waitFor();
    await expect.poll(() => rows.first().getAttribute('aria-rowindex')).toBe('2');
    // What somebody reads further down stays where it is.
    await list.evaluate((place) => place.scrollTo(0, 100_000));
    const read = list.getByRole('link').nth(30);
    await expect.poll(() => read.getAttribute('href')).toMatch(/made-007[34]/);
    const href = await read.getAttribute('href');
    const topOf = () => list.locator(`[href="${href}"]`).evaluate((link) => link.getBoundingClientRect().top);
    const top = await topOf();
    for (const prompt of ['One', 'Two', 'Three']) await dashboard.ask(prompt);
    await page.getByText('10,004 shown').waitFor();
    expect(await topOf()).toBeCloseTo(top, 0);
    await list.evaluate((place) => place.scrollTo(0, 0));
    await page.getByRole('button', { name: 'Tokens' }).click();
    await page.getByRole('button', { name: 'Tokens' }).click();
    await expect.poll(() => rows.first().textContent()).toContain('999 → 50');
    await list.focus();
    await page.keyboard.press('End');
    // The browser scrolls there in steps.
    await expect.poll(() => rows.last().getAttribute('aria-rowindex'), { timeout: 30_000 }).toBe('10005');
    await page.getByLabel('Status').selectOption('error');
    await page.getByText('20 shown').waitFor();
    // Still by tokens; and nobody ever looked at why a call missed that was made up.
    chromium.expectComplaint(/status of 404/);
    await rows.first().getByRole('link').click();
    await page.getByText('made-008000').waitFor();
    await page.getByText('Nothing is known any more').waitFor();
  });
});

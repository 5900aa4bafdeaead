import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expectAccessible } from '@ai-toolkit/processes/accessible';
import { launchChromium, openPage, runsChromium, type Watch } from '@ai-toolkit/processes/chromium';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeServer, startFakeServer } from '../../fake-server.js';
import { sampleCall } from '../../sample-call.js';

describe.runIf(runsChromium)('the overview in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: FakeServer;
  const { complaints, foreign }: Watch = { complaints: [], foreign: [] };
  const pages: Page[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());

  beforeEach(async () => {
    server = await startFakeServer();
    complaints.length = 0;
    foreign.length = 0;
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
    await server.close();
    expect(foreign, 'requests to other origins').toEqual([]);
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await openPage(browser, server.origin, { complaints, foreign }, options);
    pages.push(page);
    await page.goto(server.origin);
    return page;
  }

  /** The connection stands, and the figures have come. */
  async function live(page: Page): Promise<void> {
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.overview[aria-busy="false"]').waitFor();
  }
  const figure = (page: Page, id: string) => page.getByTestId(id).textContent();

  it('shows what to do when there were no calls, and fills with the first', async () => {
    const page = await open();
    await live(page);
    await page.getByRole('heading', { name: 'No calls yet' }).waitFor();
    expect(await page.locator('pre').textContent()).toContain(`curl ${server.origin}/v1/chat/completions`);
    expect(await figure(page, 'hit-rate')).toBe('–');
    await expectAccessible(page);

    server.happen(sampleCall());
    await page.getByRole('heading', { name: 'Recent calls' }).waitFor();
    expect(await page.getByRole('heading', { name: 'No calls yet' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('follows calls live, without loading anything again', async () => {
    for (const cache of ['miss', 'hit', 'hit'] as const) server.calls.unshift(sampleCall({ cache }));
    const page = await open();
    await live(page);
    expect(await figure(page, 'hit-rate')).toMatch(/^66\.7/);
    expect(await figure(page, 'calls')).toBe('3');
    expect(await page.locator('.calls tbody tr').count()).toBe(3);
    expect(await page.getByText('simulator', { exact: true }).count()).toBe(1);
    expect(await page.getByText('so the built-in simulator answers').count()).toBe(1);
    expect(await page.getByText('5,210 entries').count()).toBe(1);

    server.happen(sampleCall({ cache: 'hit', model: 'claude-sonnet-4-5', startedAt: Date.now() + 1000 }));
    await page.locator('.calls tbody tr', { hasText: 'claude-sonnet-4-5' }).waitFor();
    expect(await figure(page, 'hit-rate')).toMatch(/^75\.0/);
    expect(await figure(page, 'calls')).toBe('4');
    expect(await figure(page, 'money-saved')).toBe('$0.0013');
    expect(await page.locator('.calls tbody tr').first().textContent()).toContain('hit');
    expect(await page.locator('.models tbody tr').count()).toBe(2);

    server.happen(sampleCall({ status: 'error', httpStatus: 429, startedAt: Date.now() + 1000 }));
    await page.locator('.calls .status.failed', { hasText: '429' }).waitFor();
    await page.locator('label', { has: page.getByRole('radio', { name: 'Failed' }) }).click();
    expect(await page.locator('.calls tbody tr').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('keeps up with a burst, and does not grow with it', async () => {
    const page = await open();
    await live(page);
    const startedAt = Date.now() + 1000;
    for (let index = 0; index < 3000; index += 1)
      server.happen(sampleCall({ cache: index % 4 ? 'hit' : 'miss', startedAt }));
    await page.getByTestId('calls').getByText('3,000').waitFor();
    expect(await figure(page, 'hit-rate')).toMatch(/^75\.0/);
    expect(await page.locator('.calls tbody tr').count()).toBe(200);
    expect(complaints).toEqual([]);
  });

  it('draws how calls were answered over time, and says it in words', async () => {
    for (let index = 0; index < 40; index += 1) {
      server.calls.push(
        sampleCall({ cache: index % 3 ? 'hit' : 'miss', startedAt: Date.now() - index * 1_200_000 }),
      );
    }
    const page = await open();
    await live(page);
    expect(await page.locator('.plot').getAttribute('aria-label')).toMatch(/^40 calls\. Busiest hour: /);
    const painted = await page.locator('.plot canvas').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels =
        (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      return pixels.some((value) => value !== 0);
    });
    expect(painted).toBe(true);
    await page.locator('.plot').hover({ position: { x: 300, y: 100 } });
    await page.getByText(/\d+ cache, \d+ shared, \d+ provider/).waitFor();
    await page.locator('label', { has: page.getByRole('radio', { name: '30 days' }) }).click();
    await page.getByRole('heading', { name: 'Calls per day' }).waitFor();
    await page.getByText('Last 30 days').waitFor();
    expect(complaints).toEqual([]);
  });

  it('says when the server is gone, keeps the figures, and comes back by itself', async () => {
    server.calls.push(sampleCall({ cache: 'hit' }));
    const page = await open();
    await live(page);
    server.fail(0);
    await page.getByRole('alert').getByText('These are the last figures').waitFor();
    await page.getByText('Reconnecting', { exact: true }).waitFor();
    expect(await figure(page, 'hit-rate')).toMatch(/^100/);
    await expectAccessible(page);

    server.calls.unshift(sampleCall({ cache: 'miss' }));
    server.fail(undefined);
    await live(page);
    expect(await page.getByText('These are the last figures').count()).toBe(0);
    await page.locator('.calls tbody tr', { hasText: 'miss' }).waitFor();
    expect(await figure(page, 'hit-rate')).toMatch(/^50\.0/);
    expect(server.listeners()).toBe(1);
  });

  it('says so when the server does not answer from the start, and asks for the admin key', async () => {
    server.fail(0);
    const page = await open();
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    await expectAccessible(page);
    // It tries again by itself, as it says.
    server.fail(401);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.getByText('No access', { exact: true }).waitFor();
    await expectAccessible(page);
    server.fail(undefined);
    await page.getByLabel('Admin key').fill('any, as this server takes each');
    await page.getByRole('button', { name: 'Log in' }).click();
    await live(page);
  });

  it.each(['light', 'dark'] as const)(
    'is accessible in the %s theme, and keeps the other when chosen',
    async (colorScheme) => {
      const other = colorScheme === 'light' ? 'dark' : 'light';
      for (const cache of ['miss', 'hit', 'coalesced', 'stale', 'bypass'] as const)
        server.calls.push(sampleCall({ cache }));
      server.calls.push(sampleCall({ status: 'error', httpStatus: 500 }), sampleCall({ billedUsd: null }));
      const page = await open({ colorScheme, reducedMotion: 'reduce' });
      await live(page);
      const background = () =>
        page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const before = await background();
      await expectAccessible(page);

      await page.getByRole('button', { name: `Switch to the ${other} theme` }).click();
      const after = await background();
      expect(after).not.toBe(before);
      await expectAccessible(page);
      await page.reload();
      await live(page);
      expect(await background()).toBe(after);
      expect(complaints).toEqual([]);
    },
  );

  it('fits a phone without scrolling sideways', async () => {
    const model = 'a-model-with-a-name-that-is-longer-than-any-screen-of-a-phone-is-wide-2026-11-22';
    server.calls.push(
      sampleCall({ model }),
      sampleCall({ cache: 'coalesced', labels: { project: 'tide-clock' } }),
    );
    const page = await open({ viewport: { width: 390, height: 844 } });
    await live(page);
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    server.calls.length = 0;
    await page.reload();
    await page.getByRole('heading', { name: 'No calls yet' }).waitFor();
    expect(await overflow()).toBe(0);
    await expectAccessible(page);
  });

  it('can be used by keyboard alone', async () => {
    server.calls.push(sampleCall());
    const page = await open();
    await live(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.getByText('Last 7 days').waitFor();
  });

  it('loads little, and nothing from elsewhere', async () => {
    const page = await open();
    await live(page);
    await page.evaluate(() => document.fonts.ready);
    const digits = await page.evaluate(() => getComputedStyle(document.body).fontVariantNumeric);
    expect(digits).toBe('tabular-nums');
    expect([...server.sent.keys()].filter((path) => path.endsWith('.woff2'))).toHaveLength(1);
    const sizes = await Promise.all(
      [...server.sent.keys()].map(async (path) => {
        const body = await (await fetch(server.origin + path)).arrayBuffer();
        return gzipSync(Buffer.from(body)).length;
      }),
    );
    expect(sizes.length).toBeGreaterThanOrEqual(4);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
    const html = await readFile(new URL('../../../dist/index.html', import.meta.url), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:/);
    expect(complaints).toEqual([]);
  });
});

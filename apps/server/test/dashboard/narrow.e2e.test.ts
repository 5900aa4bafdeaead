import { expect, it } from 'vitest';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';
import { type Filled, fill, filledConfig } from './support/fill.js';
import { expectRoom } from './support/looks.js';

/** A phone, a tablet, a small window with the views at the side, and a large one. */
const sizes = [
  { width: 375, height: 812 },
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
];

/** The fragment of each page, with what it shows when it is there. */
function pagesOf({ requestIds, cacheKey, projectId }: Filled): readonly (readonly [string, string])[] {
  const requests = Object.values(requestIds).map((id) => [`#/requests/${id}`, '.timing-bar'] as const);
  return [
    ['#/overview', '.calls tbody tr'],
    ['#/requests', '.partial tbody tr'],
    ['#/requests?status=error', '.table-place:not(.partial) tbody tr'],
    ...requests,
    ['#/cache', '.table-place tbody tr'],
    [`#/cache/entries/${cacheKey}`, '.text-place'],
    ['#/cache/explain', 'textarea'],
    ['#/limits', '.gateway-keys tbody tr'],
    ['#/projects', '.table-place tbody tr'],
    [`#/projects/${projectId}`, '.table-place tbody tr'],
    [`#/projects/${projectId}/1`, '.markdown'],
    [`#/projects/${projectId}/2`, '.tabs'],
    ['#/keys', '.table-place tbody tr'],
    ['#/playground', 'textarea'],
    ['#/settings', '.checks li'],
    ['#/nowhere', 'main a'],
  ];
}

describeInChromium('every page of a server with much to show', (chromium) => {
  it('has room for its texts, whatever the size of the window', async () => {
    await using dashboard = await startDashboard({ AI_TOOLKIT_MODEL: 'gpt-4o-mini' }, filledConfig);
    const filled = await fill(dashboard);
    const page = await chromium.open(dashboard, '#/overview');
    for (const [fragment, shown] of pagesOf(filled)) {
      await page.goto(`${dashboard.url}/${fragment}`);
      await page.locator(shown).first().waitFor({ state: 'attached' });
      for (const size of sizes) await expect.soft(expectRoom(page, size), fragment).resolves.toBeUndefined();
    }
  }, 120_000);
});

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from '@ai-toolkit/processes/accessible';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const images = fileURLToPath(new URL('../../../../../docs/images/', import.meta.url));
const wide = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

/**
 * Expects that the current view violates no axe rule, does not scroll horizontally and has room for its texts: in light, in dark and on a
 * phone. If `AI_TOOLKIT_SCREENSHOTS` is set and a name given, renews `docs/images/dashboard-NAME.png` in light at full width.
 */
export async function expectGoodLooks(page: Page, name?: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(wide);
  await expectAccessible(page);
  expect(await squeezed(page), 'squeezed').toEqual([]);
  if (name !== undefined && process.env.AI_TOOLKIT_SCREENSHOTS) {
    await mkdir(images, { recursive: true });
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${images}dashboard-${name}.png` });
  }
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(phone);
  await expectAccessible(page);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, 'px that a phone has to scroll sideways').toBe(0);
  expect(await squeezed(page), 'squeezed on a phone').toEqual([]);
  await page.setViewportSize(wide);
}

/** Texts wrapped to lines of a letter or two, and truncated figures. */
function squeezed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const text = node.textContent?.trim() ?? '';
      const range = document.createRange();
      range.selectNodeContents(node);
      const lines = range.getClientRects().length;
      if (text.length >= 6 && lines > 3 && lines * 3 > text.length) found.push(text);
    }
    for (const cell of document.querySelectorAll('td.number'))
      if (cell.scrollWidth > cell.clientWidth) found.push(cell.textContent ?? '');
    return found;
  });
}

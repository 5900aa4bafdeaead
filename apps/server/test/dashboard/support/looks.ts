import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from '@ai-toolkit/processes/accessible';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const images = fileURLToPath(new URL('../../../../../docs/images/', import.meta.url));
const wide = { width: 1280, height: 900 };
/** A small one: what fits here fits those that are larger. */
const phone = { width: 375, height: 812 };

/**
 * Expects that the current view violates no axe rule, does not scroll horizontally and has room for its texts: in light, in dark and on a
 * phone. If `AI_TOOLKIT_SCREENSHOTS` is set and a name given, renews `docs/images/dashboard-NAME.png` in light at full width.
 */
export async function expectGoodLooks(page: Page, name?: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(wide);
  await expectAccessible(page);
  await expectRoom(page, wide);
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
  await expectRoom(page, phone);
  await page.setViewportSize(wide);
}

/** Expects that the page does not scroll horizontally at this size, and that nothing on it is squeezed or cut off. */
export async function expectRoom(page: Page, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  const overflow = await page.evaluate(
    () => (document.scrollingElement?.scrollWidth ?? 0) - window.innerWidth,
  );
  expect(overflow, `px to scroll sideways, of ${size.width}`).toBeLessThanOrEqual(0);
  expect(await squeezed(page), `squeezed at ${size.width} px`).toEqual([]);
  expect(await cutOff(page), `cut off at ${size.width} px`).toEqual([]);
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
    return found;
  });
}

/**
 * Texts of which a part is out of sight at the side. Names may end in an ellipsis, badges and figures may not; code, tabs and graphs are
 * meant to be scrolled.
 */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolled = 'nav, pre, .text-place, .tabs, .graph-place, .markdown';
    const whole = '.badge, .number, .gauge-value, button';
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || parent.closest(scrolled) !== null || node.textContent?.trim() === '') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right, width } = range.getBoundingClientRect();
      if (width === 0) continue;
      const mustBeWhole = parent.closest(whole) !== null;
      for (let around: Element | null = parent; around !== null; around = around.parentElement) {
        const { overflowX, textOverflow, clipPath } = getComputedStyle(around);
        // For screen readers only.
        if (clipPath !== 'none') break;
        if (overflowX === 'visible') continue;
        if (textOverflow === 'ellipsis' && !mustBeWhole) break;
        const box = around.getBoundingClientRect();
        if (left >= box.left - 1 && right <= box.right + 1) continue;
        found.push(node.textContent ?? '');
        break;
      }
    }
    return found;
  });
}

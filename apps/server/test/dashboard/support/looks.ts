import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from '@ai-toolkit/processes/accessible';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const images = fileURLToPath(new URL('../../../../../docs/images/', import.meta.url));
const wide = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

/**
 * The view as it stands breaks no rule of axe and does not scroll sideways: in light, in dark, and on a phone. With
 * `AI_TOOLKIT_SCREENSHOTS` set, `docs/images/dashboard-NAME.png` is made anew in light and at full width; without a name, none.
 */
export async function expectGoodLooks(page: Page, name?: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(wide);
  await expectAccessible(page);
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
  await page.setViewportSize(wide);
}

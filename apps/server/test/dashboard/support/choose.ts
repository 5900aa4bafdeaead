import type { Locator, Page } from 'playwright-core';

/** Clicks the label, as a user does: the radio button itself is hidden under it. */
export async function choose(within: Page | Locator, name: string): Promise<void> {
  const page = 'page' in within ? within.page() : within;
  await within.locator('label', { has: page.getByRole('radio', { name, exact: true }) }).click();
}

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Expects that the current page violates no axe rule. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const { rules, violations } = await page.evaluate(async () => {
    type Rule = { id: string; impact: string; nodes: { html: string }[] };
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<Record<'passes' | 'violations', Rule[]>> };
    };
    const results = await axe.run();
    const text = ({ id, impact, nodes }: Rule) => `${impact} ${id}: ${nodes.map((node) => node.html)}`;
    return { rules: results.passes.length, violations: results.violations.map(text) };
  });
  expect(rules).toBeGreaterThan(10);
  expect(violations).toEqual([]);
}

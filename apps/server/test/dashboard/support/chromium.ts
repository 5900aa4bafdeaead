import { launchChromium, openPage, runsChromium } from '@ai-toolkit/processes/chromium';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { Dashboard } from './dashboard.js';

interface OpenOptions extends BrowserContextOptions {
  /** Log in with the admin key. Default true. */
  readonly isLoggedIn?: boolean;
}

export interface Chromium {
  /**
   * Opens a view by its fragment, such as `#/requests?status=error`. The page is closed with the
   * dashboard; the test fails if it has logged errors or contacted another origin by then.
   */
  open(dashboard: Dashboard, fragment: string, options?: OpenOptions): Promise<Page>;
  /** Allows such a console message in this test: the browser logs every error response. */
  expectComplaint(pattern: RegExp): void;
}

/** Tests in a real browser. */
export function describeInChromium(name: string, tests: (chromium: Chromium) => void): void {
  describe.runIf(runsChromium)(`${name} in Chromium`, () => tests(createChromium()));
}

function createChromium(): Chromium {
  let browser: Browser;
  const complaints: string[] = [];
  const foreign: string[] = [];
  const expected: RegExp[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());
  afterEach(() => {
    const unexpected = complaints.splice(0).filter((text) => !expected.some((pattern) => pattern.test(text)));
    expected.length = 0;
    expect(foreign.splice(0), 'requests to other origins').toEqual([]);
    expect(unexpected, 'errors and warnings of the page').toEqual([]);
  });

  return {
    async open(dashboard, fragment, { isLoggedIn = true, ...options } = {}) {
      const page = await openPage(browser, dashboard.url, { complaints, foreign }, options);
      const context = page.context();
      dashboard.pages.add(context);
      if (isLoggedIn) {
        // Like the login form of the page; the context keeps the cookie.
        const data = { key: dashboard.adminKey };
        expect((await context.request.post(`${dashboard.url}/api/session`, { data })).status()).toBe(200);
      }
      await page.goto(`${dashboard.url}/${fragment}`);
      if (isLoggedIn) await page.getByText('Live', { exact: true }).waitFor();
      return page;
    },
    expectComplaint: (pattern) => expected.push(pattern),
  };
}

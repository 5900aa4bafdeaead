import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Dashboard } from './dashboard.js';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const isRequired = process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1';
const isPresent = existsSync(executablePath);

interface OpenOptions extends BrowserContextOptions {
  /** With the admin key. Default true. */
  readonly isLoggedIn?: boolean;
}

export interface Chromium {
  /**
   * Opens a view by its fragment, such as `#/requests?status=error`. The page is closed with the
   * dashboard, and must not have complained or asked another origin by then.
   */
  open(dashboard: Dashboard, fragment: string, options?: OpenOptions): Promise<Page>;
  /** The page may complain so in this test: the browser logs each answer that is an error. */
  expectComplaint(pattern: RegExp): void;
}

/** Tests in a real browser. Without Chromium they are skipped with a notice, unless `AI_TOOLKIT_REQUIRE_SERVICES` asks for them. */
export function describeInChromium(name: string, tests: (chromium: Chromium) => void): void {
  if (!isPresent && !isRequired) {
    describe(name, () => it.skip(`in Chromium: there is none at ${executablePath}`, () => undefined));
    return;
  }
  describe(`${name} in Chromium`, () => tests(createChromium()));
}

function createChromium(): Chromium {
  let browser: Browser;
  const complaints: string[] = [];
  const foreign: string[] = [];
  const expected: RegExp[] = [];

  beforeAll(async () => {
    expect(isPresent, `Chromium is required at ${executablePath} (or CHROMIUM_PATH)`).toBe(true);
    browser = await chromium.launch({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
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
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      dashboard.pages.add(context);
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(`${dashboard.url}/`)) foreign.push(request.url());
      });
      if (isLoggedIn) {
        // As the page's own form does it; the context keeps the cookie.
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

import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const isPresent = existsSync(executablePath);

/** Without a Chromium, browser tests are skipped, or fail if `AI_TOOLKIT_REQUIRE_SERVICES` requires them. */
export const runsChromium: boolean = isPresent || process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1';

if (!isPresent && !runsChromium)
  console.warn(`There is no Chromium at ${executablePath} (CHROMIUM_PATH): tests in it are SKIPPED`);

/** Launches a headless browser that makes no requests of its own. */
export async function launchChromium(): Promise<Browser> {
  if (!isPresent)
    throw new Error(
      `There is no Chromium at ${executablePath}, and AI_TOOLKIT_REQUIRE_SERVICES asks for it.`,
    );
  return chromium.launch({
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
}

/** Observations of pages for tests. */
export interface Watch {
  /** Errors and warnings of pages. */
  readonly complaints: string[];
  /** Requests to other origins. */
  readonly foreign: string[];
}

/** A new blank page, watched. */
export async function openPage(
  browser: Browser,
  origin: string,
  { complaints, foreign }: Watch,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) foreign.push(request.url());
  });
  return page;
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInChromium } from './support/chromium.js';
import { type Dashboard, startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

/** As long as Playwright waits. */
const soon = { timeout: 30_000 };
const environment = { AI_TOOLKIT_MODEL: 'claude-opus-4-5' };

/** Asks the API as an administrator does. */
async function call<T>(dashboard: Dashboard, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${dashboard.url}/api/projects${path}`, {
    method,
    headers: {
      authorization: `Bearer ${dashboard.adminKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return (await response.json()) as T;
}

async function createProject(
  dashboard: Dashboard,
  name: string,
  tags: readonly string[] = [],
  description = 'Shows the tide.',
) {
  const idea = 'A clock that shows the tide at a harbour.\n\n- reads a table\n- draws **one** hand';
  const body = { name, description, tags, idea };
  return (await call<{ project: { id: string } }>(dashboard, 'POST', '', body)).project.id;
}

/** As a person does it: a project is a folder. */
async function copyProject(dashboard: Dashboard, id: string, times: number): Promise<void> {
  const { path } = (await call<{ project: { path: string } }>(dashboard, 'GET', `/${id}`)).project;
  const file = JSON.parse(await readFile(join(path, 'project.json'), 'utf8'));
  for (let copy = 1; copy <= times; copy += 1) {
    const folder = `${path}-${copy}`;
    await mkdir(folder);
    const ofCopy = { ...file, id: `project-c${String(copy).padStart(5, '0')}`, name: `Project ${copy}` };
    await writeFile(join(folder, 'project.json'), JSON.stringify(ofCopy));
  }
}

/** Has the page load again what it polls for, and waits for that. */
async function poll(page: Page, id: string): Promise<void> {
  const loaded = page.waitForResponse((response) => response.url().endsWith(`/api/projects/${id}`));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await loaded;
}

function statusOf(page: Page, stage: string) {
  return page.getByRole('link', { name: new RegExp(stage) }).locator('.badge');
}

describeInChromium('the view of projects', (chromium) => {
  it('makes a project, finds it among others, and moves it to the trash', async () => {
    await using dashboard = await startDashboard(environment);
    const page = await chromium.open(dashboard, '#/projects');
    await page.getByRole('heading', { name: 'There are no projects yet' }).waitFor();
    await page.getByRole('button', { name: 'New project' }).click();
    await page.getByLabel('Name').fill('Tide clock');
    await page.getByLabel('Description').fill('Shows the tide.');
    await page.getByLabel('Idea').fill('# A clock\n\nFor the *tide*.');
    await page.getByLabel('Tags').fill('sea, clocks, sea');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('heading', { level: 2, name: 'Tide clock' }).waitFor();
    await page.getByText('0 of 6 documents').waitFor();
    expect(await page.locator('.markdown em').textContent()).toBe('tide');

    await createProject(dashboard, 'Moon phases', ['sky']);
    await page.getByRole('link', { name: 'Projects' }).first().click();
    await page.getByRole('link', { name: 'Moon phases' }).waitFor();
    await page.getByRole('searchbox').fill('tide SEA');
    await expect.poll(() => page.locator('tbody tr').count(), soon).toBe(1);
    await page.getByText('1 of 2').waitFor();
    expect(page.url()).toContain('search=tide+SEA');
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Tag').selectOption('sky');
    await page.getByText('1 of 2').waitFor();
    await page.getByRole('link', { name: 'Moon phases' }).click();

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Move to the trash' }).click();
    await page.getByRole('status').getByText('moved to the trash').waitFor();
    await page.getByRole('heading', { level: 2, name: 'Projects' }).waitFor();
    await page.getByRole('link', { name: 'Tide clock' }).waitFor();
    expect(await page.getByRole('link', { name: 'Moon phases' }).count()).toBe(0);
    expect((await call<{ projects: unknown[] }>(dashboard, 'GET', '')).projects).toHaveLength(1);
  });

  it('runs a stage and shows its text as it streams', async () => {
    await using dashboard = await startDashboard(environment);
    const id = await createProject(dashboard, 'Tide clock');
    dashboard.simulator.setFaults('chunk-delay=15');
    const page = await chromium.open(dashboard, `#/projects/${id}/1`);
    await page.getByText('There is no document yet.').waitFor();
    await page.getByRole('button', { name: 'Run the stage' }).click();
    const said = page.locator('.said[aria-busy=true] .markdown');
    await expect.poll(async () => (await said.textContent())?.length ?? 0, soon).toBeGreaterThan(40);
    const early = (await said.textContent())?.length ?? 0;
    await expect.poll(async () => (await said.textContent())?.length ?? 0, soon).toBeGreaterThan(early);
    dashboard.simulator.clearFaults();

    // Looking at another view does not end it.
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 2, name: 'Overview' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Run it again' }).waitFor();
    const { document } = await call<{ document: { text: string } }>(dashboard, 'GET', `/${id}/stages/1`);
    const title = /^#+ (.*)$/m.exec(document.text)?.[1] ?? '';
    await page.locator('.markdown').getByRole('heading', { name: title, exact: true }).first().waitFor();
    await expectGoodLooks(page, 'stage');

    await page.getByRole('button', { name: 'Run it again' }).click();
    await page.getByText('Nothing that it is made from has changed.').waitFor();
    expect(dashboard.simulator.stats().requests).toBe(1);
  });

  it('stops a run: the call to the provider ends, and what was said is kept', async () => {
    await using dashboard = await startDashboard(environment);
    const id = await createProject(dashboard, 'Tide clock');
    dashboard.simulator.setFaults('chunk-delay=40');
    const page = await chromium.open(dashboard, `#/projects/${id}/1`);
    await page.getByRole('button', { name: 'Run the stage' }).click();
    const said = page.locator('.said .markdown');
    await expect.poll(async () => (await said.textContent())?.length ?? 0, soon).toBeGreaterThan(40);
    // To leave would end it as well, so the browser asks.
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.evaluate(() => void setTimeout(() => window.location.reload()));
    await expect.poll(() => asked, soon).toEqual(['beforeunload']);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('status').getByText('stopped').waitFor();
    await expect.poll(() => dashboard.simulator.stats().abortedStreams, soon).toBe(1);
    await page.locator('.stage-state .badge').getByText('interrupted').waitFor();
    expect((await said.textContent())?.length).toBeGreaterThan(40);

    await expectGoodLooks(page);

    // And not only by this page.
    await page.reload();
    await page.locator('.stage-state .badge').getByText('interrupted').waitFor();
    expect((await said.textContent())?.length).toBeGreaterThan(40);
    await page.goto(`${dashboard.url}/#/projects/${id}`);
    await expect.poll(() => statusOf(page, 'Initial Plan').textContent(), soon).toBe('interrupted');
  });

  it('tells what a run would do, and runs all that is missing', async () => {
    await using dashboard = await startDashboard(environment);
    const id = await createProject(dashboard, 'Tide clock', ['sea']);
    await call(dashboard, 'PUT', `/${id}/stages/1`, { text: '# Plan\n\nBy hand.\n' });
    const page = await chromium.open(dashboard, `#/projects/${id}`);
    await page.getByText(/5 stages would run/).waitFor();
    const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
    await row('Initial Plan').getByText('skip').waitFor();
    await row('Architecture Design').getByText('miss').waitFor();
    await row('Progress Assessment').getByText('after 3').waitFor();
    dashboard.simulator.setFaults('chunk-delay=5');
    await page.getByRole('button', { name: 'Run 5 stages' }).click();
    await page.locator('.run-stages').getByRole('link', { name: 'Architecture Design' }).waitFor();
    await page.locator('.run-stages').getByText('running').first().waitFor();
    dashboard.simulator.clearFaults();
    await page.getByText('The run is done').waitFor();
    expect(await page.locator('.run-stages .badge').allTextContents()).toEqual([
      'skipped',
      'done',
      'done',
      'done',
      'done',
      'done',
    ]);
    await page.getByText('6 of 6 documents').waitFor();
    await page.getByText('Every document exists').waitFor();

    await call(dashboard, 'PUT', `/${id}/stages/2`, { text: '# Architecture\n\nAnother one.\n' });
    await page.reload();
    await expect.poll(() => statusOf(page, 'User Experience Design').textContent(), soon).toBe('stale');
    await expectGoodLooks(page, 'project');
    await page
      .getByRole('link', { name: /User Experience Design/ })
      .first()
      .click();
    // The plan, which says so as well, stands until then.
    await page.getByRole('heading', { level: 2, name: /User Experience Design/ }).waitFor();
    await page.getByText(/stage 2 \(Architecture Design\)/i).waitFor();
  });

  it('says which stage failed, and with which remedy', async () => {
    await using dashboard = await startDashboard(environment);
    const id = await createProject(dashboard, 'Tide clock');
    dashboard.simulator.setFaults('status=400');
    const page = await chromium.open(dashboard, `#/projects/${id}`);
    await page.getByRole('button', { name: 'Run 6 stages' }).click();
    await page.getByText('The run failed').waitFor();
    expect(await page.locator('.run-stages .badge').first().textContent()).toBe('failed');
    await page.locator('.run-stages [role=alert]').waitFor();
    await expect.poll(() => statusOf(page, 'Initial Plan').first().textContent(), soon).toBe('failed');
    chromium.expectComplaint(/status of 409/);
    await page.goto(`${dashboard.url}/#/projects/${id}/3`);
    await page.getByRole('button', { name: 'Run the stage' }).click();
    await page
      .getByRole('alert')
      .getByText(/Initial Plan|Architecture Design/)
      .waitFor();
  });

  it('edits a document, tells revisions apart and restores one', async () => {
    await using dashboard = await startDashboard(environment);
    const id = await createProject(dashboard, 'Tide clock');
    await call(dashboard, 'PUT', `/${id}/stages/1`, { text: '# Plan\n\nFirst words.\n\nThe end.\n' });
    const page = await chromium.open(dashboard, `#/projects/${id}/1`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox').last().fill('# Plan\n\nSecond words.\n\nThe end.\n');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Second words.').waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('1 line added, 1 removed').waitFor();
    const cells = (kind: string) => page.locator(`.diff tr.${kind} .line-text`).allTextContents();
    expect(await cells('removed')).toEqual(['First words.']);
    expect(await cells('added')).toEqual(['Second words.']);
    expect(await page.getByRole('row', { name: /removed First words/ }).count()).toBe(1);
    await expectGoodLooks(page, 'history');
    await page.getByRole('button', { name: 'Restore revision 1' }).click();
    await page.getByRole('button', { name: 'Restore it' }).click();
    await page.getByText('Revision 1 is current again.').waitFor();
    await page.getByText('Revision 3', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Document' }).click();
    await page.getByText('First words.').waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('button', { name: 'Reset the stage' }).click();
    await page.getByText('There is no document yet.').waitFor();
  });

  it('overwrites no edit that somebody else has made meanwhile', async () => {
    await using dashboard = await startDashboard(environment);
    const id = await createProject(dashboard, 'Tide clock');
    const page = await chromium.open(dashboard, `#/projects/${id}`);
    const refused = page.getByRole('alert').getByText(/changed/);
    const save = page.getByRole('button', { name: 'Save' });
    chromium.expectComplaint(/status of 409/);
    await page.getByRole('button', { name: 'Edit the idea' }).click();
    await page.getByRole('textbox').fill('A clock, as I see it.');
    await call(dashboard, 'PATCH', `/${id}`, { idea: 'A clock, as they see it.', description: 'Theirs.' });
    await poll(page, id);
    await page.getByText('Theirs.').waitFor();
    await save.click();
    await refused.waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('A clock, as they see it.').waitFor();

    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name').fill('Renamed');
    await call(dashboard, 'PATCH', `/${id}`, { tags: ['theirs'], description: 'Theirs again.' });
    await poll(page, id);
    await page.getByText('Theirs again.').waitFor();
    await save.click();
    await refused.waitFor();
    const { project } = await call<{ project: object }>(dashboard, 'GET', `/${id}`);
    expect(project).toMatchObject({ name: 'Tide clock', tags: ['theirs'] });
  });

  it('makes nothing of a hostile document but text', async () => {
    await using dashboard = await startDashboard(environment);
    const id = await createProject(dashboard, 'Tide clock');
    const text = [
      '# <img src=x onerror=alert(1)>',
      '<script>window.wasRun = true</script>',
      '[a](javascript:window.wasRun=true) [b](java&#115;cript:alert(1)) [c](https://example.com/?a=1&amp;b=2)',
      '![spy](https://spy.example/pixel.png) <iframe src="https://spy.example"></iframe>',
      '|a|b|\n|-|-|\n|<b onclick="x()">1</b>|2|',
    ].join('\n\n');
    await call(dashboard, 'PUT', `/${id}/stages/1`, { text });
    const page = await chromium.open(dashboard, `#/projects/${id}/1`);
    const document = page.locator('.markdown');
    await document.getByText('<script>window.wasRun = true</script>').waitFor();
    expect(await page.evaluate(() => 'wasRun' in window)).toBe(false);
    expect(await document.locator('img, script, iframe, b').count()).toBe(0);
    const links = document.locator('a');
    expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))).toEqual([
      'https://example.com/?a=1&b=2',
      'https://spy.example/pixel.png',
    ]);
    expect(await links.first().getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('stays quick with a thousand projects', async () => {
    await using dashboard = await startDashboard(environment);
    await copyProject(dashboard, await createProject(dashboard, 'Project', ['copied']), 995);
    for (const [name, tags, documents, description] of [
      ['Bird diary', ['sky'], 2, 'Which birds came, and when they were late.'],
      ['Harbour map', ['sea', 'maps'], 0, 'Depths and berths, also without a network.'],
      ['Moon phases', ['sky', 'clocks'], 5, 'A calendar of full moons for the kitchen wall.'],
      ['Tide clock', ['sea', 'clocks'], 3, 'A clock that shows the tide at a harbour.'],
    ] as const) {
      const id = await createProject(dashboard, name, tags, description);
      for (let stage = 1; stage <= documents; stage += 1)
        await call(dashboard, 'PUT', `/${id}/stages/${stage}`, { text: '# By hand\n' });
    }
    const page = await chromium.open(dashboard, '#/projects');
    await page.getByText('1,000 projects').waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThan(100);
    await page.getByRole('searchbox').fill('project 777');
    await page.getByRole('link', { name: 'Project 777' }).waitFor();
    await expect.poll(() => page.locator('tbody tr').count(), soon).toBe(1);
    await page.getByRole('searchbox').fill('');
    await page.getByText('1,000 projects').waitFor();
    await expectGoodLooks(page, 'projects');
  });
});

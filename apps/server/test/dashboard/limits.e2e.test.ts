import { expect, it } from 'vitest';
import { createKnownKey } from '../support/keys.js';
import { choose } from './support/choose.js';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

const config = '[limits]\nmaxConcurrent = 2\nrequestsPerMinute = 600\ntokensPerMinute = 90000\n';

describeInChromium('the limits', (chromium) => {
  it('say that nothing happened yet, and what would be limited', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/limits');
    await page.getByText('Not called since the server started.').first().waitFor();
    await page.getByText('no provider answered 429').waitFor();
    await page.getByText('No gateway key has limits or a budget of its own.').waitFor();
    await expectGoodLooks(page);
  });

  it('move as calls wait for one another', async () => {
    await using dashboard = await startDashboard({}, config);
    const page = await chromium.open(dashboard, '#/limits');
    const card = page.getByTestId('limits of gpt-4o-mini');
    const answered = new AbortController();
    dashboard.simulator.setFaults('delay=8000');
    const calls = ['One', 'Two', 'Three', 'Four', 'Five'].map((prompt) => {
      return fetch(`${dashboard.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${dashboard.gatewayKey}` },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }] }),
        signal: answered.signal,
      }).catch(() => undefined);
    });
    await card.getByText('3 wait').waitFor();
    await card.getByText('queueing').waitFor();
    await card.getByText('2 of 2').waitFor();
    await expect.poll(() => card.getByRole('meter', { name: 'At once' }).getAttribute('value')).toBe('2');
    answered.abort();
    await Promise.all(calls);
    await card.getByText('Nobody is waiting').waitFor();
    await card.getByText('flowing').waitFor();
  });

  it('tell Recent 429s, waits and circuit changes, and the limits of keys', async () => {
    await using dashboard = await startDashboard({}, config);
    const { simulator, home, url } = dashboard;
    const limited = await createKnownKey(
      { home, url },
      { name: 'the reports', tenant: 'reports', requestsPerMinute: 20, budget: { usd: 5 } },
    );
    for (const prompt of ['One', 'Two', 'Three'])
      expect((await dashboard.ask(prompt, {}, { authorization: `Bearer ${limited}` })).status).toBe(200);
    simulator.setFaults('delay=60');
    await Promise.all(Array.from({ length: 8 }, (_, index) => dashboard.ask(`Question ${index}`)));
    simulator.setFaults('status=429; retry-after=1000; times=1');
    expect((await dashboard.ask('Turned away once')).status).toBe(200);
    simulator.setFaults('status=500');
    for (let round = 0; round < 4; round++) await dashboard.ask(`Fails ${round}`);
    simulator.clearFaults();

    const page = await chromium.open(dashboard, '#/limits');
    const card = page.getByTestId('limits of gpt-4o-mini');
    await card.getByText('1 answered 429').waitFor();
    await expect.poll(() => card.getByText('configured').count()).toBe(3);
    const events = page.getByRole('region', { name: 'Events of limits' });
    await events.getByText('answered 429 and asked for 1.00 s').waitFor();
    await events.getByText('The circuit opened: too many calls failed').first().waitFor();
    await choose(page, 'Waited');
    await events.getByText('for its turn').first().waitFor();
    await expect.poll(() => events.getByText('429').count()).toBe(0);
    const keys = page
      .getByRole('region', { name: 'Keys with limits' })
      .getByRole('row', { name: 'the reports' });
    await keys.getByText('3 of 20').waitFor();
    await keys.getByText('of $5.00 a month').waitFor();
    await choose(page, 'All');
    await expectGoodLooks(page, 'limits');
  });
});

import { expect, it } from 'vitest';
import { describeInChromium } from './support/chromium.js';
import { startDashboard } from './support/dashboard.js';
import { expectGoodLooks } from './support/looks.js';

describeInChromium('what each layer saves', (chromium) => {
  it('is told in figures, with why calls missed and what to do', async () => {
    await using dashboard = await startDashboard({}, '[limits]\nmaxConcurrent = 1\n');
    const { simulator } = dashboard;
    // As a careless client asks: the time of the call in its instructions.
    for (let second = 10; second < 40; second++)
      await dashboard.ask('', {
        messages: [
          { role: 'system', content: `You are a guide to the sea. It is 2026-03-01T10:00:${second}Z.` },
          { role: 'user', content: 'When is high tide?' },
        ],
      });
    for (let round = 0; round < 6; round++) await dashboard.ask('What is a tide?');
    simulator.setFaults('delay=150');
    await Promise.all(['Moons', 'Moons', 'Stars'].map((prompt) => dashboard.ask(prompt)));
    simulator.setFaults('status=429; retry-after=20; retry-after-style=ms; times=1');
    expect((await dashboard.ask('Turned away once')).status).toBe(200);
    simulator.clearFaults();

    const page = await chromium.open(dashboard, '#/overview');
    const advice = page.getByRole('region', { name: 'Advice' });
    await advice
      .getByText(/^\d+ % of misses .* differ only in a timestamp in messages\[0\]\.content\.$/)
      .waitFor();
    const layers = page.getByRole('region', { name: 'What each layer saves' });
    expect(await layers.getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/^memory cache5 /),
      expect.stringMatching(/^coalescing1 /),
      expect.stringMatching(/^limits\d /),
      expect.stringMatching(/^retries1 /),
    ]);
    await layers.getByText('1 call was turned away by providers with a 429').waitFor();
    await layers.getByText(/^Nothing yet by: .*fallbacks/).waitFor();
    const causes = page.getByRole('region', { name: 'Why calls asked a provider' });
    await causes.getByText('nearly the same as before').waitFor();
    await causes.getByText('timestamp').waitFor();
    await layers.scrollIntoViewIfNeeded();
    await expectGoodLooks(page, 'advice');
    await causes.getByRole('link', { name: 'See the requests that missed' }).click();
    await page.getByRole('heading', { level: 2, name: 'Requests' }).waitFor();
    expect(page.url()).toContain('#/requests?cache=miss');
  });

  it('is not told before the first call', async () => {
    await using dashboard = await startDashboard();
    const page = await chromium.open(dashboard, '#/overview');
    await page.getByRole('heading', { name: 'No calls yet' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Advice' }).count()).toBe(0);
    await dashboard.ask('What is a tide?');
    await page.getByText('None: nothing stands out, or too little has happened to say.').waitFor();
  });
});

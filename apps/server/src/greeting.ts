import { type Toolkit, version } from '@ai-toolkit/toolkit';

/** What a server that has started tells the person who started it. */
export async function greeting(url: string, toolkit: Toolkit, workers = 1): Promise<string> {
  const chosen = await toolkit.providers();
  const lines = [
    `AI Toolkit ${version} serves at ${url}`,
    ...chosen.map(
      ({ provider, place, reason }) => `  answers by   ${provider.name} (${place}), because ${reason}`,
    ),
    ...(workers > 1 ? [`  workers      ${workers}`] : []),
    `  dashboard    ${url}/`,
    `  OpenAI base  ${url}/v1`,
    `  Anthropic    ${url}`,
  ];
  const cache = await toolkit.cache();
  // Opens the disk tier, so that a problem is told now and not with the first lost answer.
  await cache.ready();
  for (const { name, state, reason } of cache.stats().tiers) {
    if (state === 'unavailable')
      lines.push(`  warning      the ${name} cache is off: ${reason ?? 'unknown reason'}`);
  }
  return `${lines.join('\n')}\n`;
}

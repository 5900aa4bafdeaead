import { type Toolkit, version } from '@ai-toolkit/toolkit';

/** What a started server reports to the person or program that started it. */
export interface Greeting {
  readonly version: string;
  readonly url: string;
  readonly workers: number;
  readonly providers: readonly { readonly name: string; readonly place: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

export async function greetingOf(url: string, toolkit: Toolkit, workers = 1): Promise<Greeting> {
  const chosen = await toolkit.providers();
  const providers = chosen.map(({ provider, place, reason }) => ({ name: provider.name, place, reason }));
  const cache = await toolkit.cache();
  // Opens the disk tier, so that a problem shows now rather than with the first lost answer.
  await cache.ready();
  const warnings = cache
    .stats()
    .tiers.filter(({ state }) => state === 'unavailable')
    .map(({ name, reason }) => `the ${name} cache is off: ${reason ?? 'unknown reason'}`);
  return { version, url, workers, providers, warnings };
}

/** The greeting as text for people. */
export function greetingText({ url, workers, providers, warnings, ...greeting }: Greeting): string {
  const lines = [
    `AI Toolkit ${greeting.version} serves at ${url}`,
    ...providers.map(({ name, place, reason }) => `  answers by   ${name} (${place}), because ${reason}`),
    ...(workers > 1 ? [`  workers      ${workers}`] : []),
    `  dashboard    ${url}/`,
    `  OpenAI base  ${url}/v1`,
    `  Anthropic    ${url}`,
    ...warnings.map((warning) => `  warning      ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

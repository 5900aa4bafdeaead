import { readFile } from 'node:fs/promises';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  anthropicProvider,
  createAiClient,
  createCachedAiClient,
  createPipeline,
  describeDifference,
  openaiProvider,
} from '../../src/index.js';
import { temporaryFolder } from '../cassettes/support.js';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n(import .*?)```/gs)].map(([, code = '']) => code);

/** Runs an example in front of a simulator, and gives what it printed. */
async function run(code: string): Promise<unknown[][]> {
  await using simulator = await createSimulator({ models: ['simulated-1', 'simulated-embed-1'] });
  for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'AZURE_OPENAI_ENDPOINT'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('OPENAI_BASE_URL', simulator.openaiBaseUrl);
  const printed: unknown[][] = [];
  const print = (...values: unknown[]): unknown => printed.push(values);
  const scope = {
    anthropicProvider,
    createAiClient,
    createCachedAiClient,
    createPipeline,
    openaiProvider,
    describeDifference,
    Buffer,
    z,
    console: { log: print },
    process: { stdout: { write: print }, env: process.env },
  };
  const AsyncFunction = (async () => undefined).constructor as new (
    ...text: string[]
  ) => (...values: unknown[]) => Promise<unknown>;
  await new AsyncFunction(...Object.keys(scope), code.replaceAll(/^import .*$/gm, ''))(
    ...Object.values(scope),
  );
  return printed;
}

describe('the README', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('begins with an example that asks once and streams', async () => {
    const [outcomes, ...pieces] = await run(examples[0] ?? '');
    expect(outcomes).toEqual(['miss', 'hit']);
    expect(pieces.flat().join('')).toMatch(/^Simulated/);
  });

  it('shows the other methods as they are', async () => {
    expect(await run(examples[1] ?? '')).toEqual([
      [expect.any(String), expect.any(Number)],
      ['get_weather', 'Porto'],
      [2, ['miss', 'miss']],
    ]);
  });

  it('shows a cache in front of a client', async () => {
    expect(await run(examples[2] ?? '')).toEqual([['hit']]);
  });

  it('shows routes that a pipeline takes', async () => {
    expect(examples).toHaveLength(6);
    expect(await run(examples[5] ?? '')).toEqual([]);
  });

  it('shows why two requests have two keys', async () => {
    expect(await run(examples[3] ?? '')).toEqual([
      [64, 'miss'],
      [expect.stringMatching(/^messages\[0\]\.content differs only in a timestamp \("It is 10:15\./)],
      ['temperature differs (0 here, 1 there)'],
    ]);
  });

  it('shows how to record and replay', async () => {
    await using folder = await temporaryFolder();
    const printed = await run((examples[4] ?? '').replaceAll("'./cassettes'", JSON.stringify(folder.dir)));
    expect(await folder.files()).toHaveLength(1);
    expect(printed).toEqual([
      ['hit'],
      [
        'AI_NOT_CACHED',
        expect.stringMatching(
          /^The nearest cassette is gpt-4o-mini--it-is-10-15\S+\.json: messages\[0\]\.content differs only in a timestamp \(/,
        ),
      ],
    ]);
  });

  it('names every option of a call', async () => {
    const source = await readFile(new URL('../../src/client/ai-client.ts', import.meta.url), 'utf8');
    const interfaces = source.slice(
      source.indexOf('CallOptions {'),
      source.indexOf('/** One whole answer. */'),
    );
    const options = [...interfaces.matchAll(/^ {2,4}readonly (\w+)\?/gm)].map(([, name = '']) => name);
    expect(options.length).toBeGreaterThan(15);
    for (const name of options) expect(readme).toMatch(new RegExp(`\`(cache\\.)?${name}`));
  });
});

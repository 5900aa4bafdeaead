import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import OpenAI from 'openai';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import * as client from '../../src/index.js';
import { temporaryFolder } from '../cassettes/support.js';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);

/** The one example with these words in it. */
function example(words: string): string {
  const [code, ...more] = examples.filter((candidate) => candidate.includes(words));
  expect(more).toEqual([]);
  return code ?? '';
}

/** Runs an example in front of a simulator, and gives what it printed. */
async function run(code: string): Promise<unknown[][]> {
  await using simulator = await createSimulator({ models: ['simulated-1', 'simulated-embed-1'] });
  for (const name of ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'AZURE_OPENAI_ENDPOINT', 'OLLAMA_HOST'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('OPENAI_API_KEY', 'key');
  vi.stubEnv('OPENAI_BASE_URL', simulator.openaiBaseUrl);
  const printed: unknown[][] = [];
  const print = (...values: unknown[]): unknown => printed.push(values);
  const scope = {
    ...client,
    Buffer,
    OpenAI,
    z,
    console: { log: print },
    process: { stdout: { write: print }, env: process.env },
  };
  const AsyncFunction = (async () => undefined).constructor as new (
    ...text: string[]
  ) => (...values: unknown[]) => Promise<unknown>;
  const body = stripTypeScriptTypes(code.replaceAll(/^import .*$/gm, ''));
  await new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope));
  return printed;
}

describe('the README', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('begins with an example that asks once and streams', async () => {
    const [outcomes, ...pieces] = await run(example('for await (const event'));
    expect(outcomes).toEqual(['miss', 'hit']);
    expect(pieces.flat().join('')).toMatch(/^Simulated/);
  });

  it('shows the other methods as they are', async () => {
    expect(await run(example('generateJson'))).toEqual([
      [expect.any(String), expect.any(Number)],
      ['get_weather', 'Porto'],
      [2, ['miss', 'miss']],
    ]);
  });

  it('shows an exchange, byte by byte', async () => {
    const [head, ...pieces] = await run(example('pipeline.exchange('));
    expect(head).toEqual([200, 'miss']);
    expect(Buffer.concat(pieces.flat() as Uint8Array[]).toString()).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('shows an SDK that is answered from the cache', async () => {
    expect(await run(example('new OpenAI'))).toEqual([['HIT']]);
  });

  it('shows a question that is answered by the answer to another one', async () => {
    expect(await run(example('semantic:'))).toEqual([['semantic']]);
  });

  it('has no example beside these, and none that could not be copied as it is', () => {
    expect(examples).toHaveLength(9);
    for (const code of examples) expect(code).toContain("from '@ai-toolkit/ai-client'");
  });

  it('shows a cache in front of a client', async () => {
    expect(await run(example('createCachedAiClient'))).toEqual([['hit']]);
  });

  it('shows routes that a pipeline takes', async () => {
    expect(await run(example('routes: ['))).toEqual([]);
  });

  it('shows why two requests have two keys', async () => {
    expect(await run(example('describeDifference'))).toEqual([
      [64, 'miss'],
      [expect.stringMatching(/^messages\[0\]\.content differs only in a timestamp \("It is 10:15\./)],
      ['temperature differs (0 here, 1 there)'],
    ]);
  });

  it('shows how to record and replay', async () => {
    await using folder = await temporaryFolder();
    const printed = await run(example('cassettes:').replaceAll("'./cassettes'", JSON.stringify(folder.dir)));
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

  it.each([
    ['../../src/pipeline-options.ts', 10],
    ['../../src/client/create-ai-client.ts', 4],
    ['../../src/client/cached-ai-client.ts', 2],
    ['../../src/semantic/semantic-options.ts', 5],
    ['../../src/client/generate-json.ts', 3],
  ])('names every option of %s', async (file, least) => {
    const source = await readFile(new URL(file, import.meta.url), 'utf8');
    const options = [...source.matchAll(/^ {2}readonly (\w+)\?/gm)].map(([, name = '']) => name);
    expect(options.length).toBeGreaterThanOrEqual(least);
    expect(options.filter((name) => !new RegExp(`[\`{ ]${name}\\b`).test(readme))).toEqual([]);
  });

  it('names every function that can be imported', () => {
    expect(Object.keys(client).filter((name) => !readme.includes(name))).toEqual([]);
  });
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { onSources } from '@ai-toolkit/processes/on-sources';
import { describe, expect, it } from 'vitest';
import {
  type AiError,
  type CassetteMode,
  createPipeline,
  openaiProvider,
  type Pipeline,
} from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';
import { type TemporaryFolder, temporaryFolder } from './support.js';

async function record(dir: string, ...prompts: readonly string[]): Promise<void> {
  await using stage = await createStage({ cassettes: { dir, mode: 'record' } });
  for (const prompt of prompts) await run(stage.pipeline, chat(prompt));
}

function player(dir: string, mode: CassetteMode = 'replay'): Pipeline {
  return createPipeline({ providers: [openaiProvider('http://127.0.0.1:9/v1')], cassettes: { dir, mode } });
}

/** Records one prompt, lets `edit` change the file, and asks again. */
async function asked(
  folder: TemporaryFolder,
  edit: (text: string) => string,
  prompt = 'Hello',
): Promise<{ readonly file: string; readonly text: string; readonly error: AiError }> {
  await record(folder.dir, 'Hello');
  const [file = ''] = await folder.files();
  await writeFile(join(folder.dir, file), edit(await folder.read(file)));
  await using pipeline = player(folder.dir);
  const { text, error } = await run(pipeline, chat(prompt));
  return { file, text, error: error as AiError };
}

describe('a cassette’s file', () => {
  it('may be edited by hand, answer and question', async () => {
    await using folder = await temporaryFolder();
    const answer = await asked(folder, (text) =>
      text.replace(/"content": "Simulated[^"]*"/, '"content": "By hand"'),
    );
    expect(JSON.parse(answer.text).choices[0].message.content).toBe('By hand');
    const question = await asked(
      folder,
      (text) => text.replace('"content": "Hello"', '"content": "Goodbye"'),
      'Goodbye',
    );
    expect(question.error).toBeUndefined();
  });

  it('may be renamed, and be changed while it is played', async () => {
    await using folder = await temporaryFolder();
    await record(folder.dir, 'Hello');
    const [file = ''] = await folder.files();
    await rename(join(folder.dir, file), join(folder.dir, 'greeting.json'));
    await using pipeline = player(folder.dir);
    expect((await run(pipeline, chat('Hello'))).error).toBeUndefined();
    const path = join(folder.dir, 'greeting.json');
    const source = await readFile(path, 'utf8');
    await writeFile(path, source.replace('"content": "Hello"', '"content": "Other"'));
    expect((await run(pipeline, chat('Hello'))).error).toMatchObject({ code: 'AI_NOT_CACHED' });
    expect((await run(pipeline, chat('Other'))).error).toBeUndefined();
    await rm(path);
    expect((await run(pipeline, chat('Other'))).error).toMatchObject({ code: 'AI_NOT_CACHED' });
    await writeFile(join(folder.dir, 'again.json'), source);
    expect((await run(pipeline, chat('Hello'))).error).toBeUndefined();
  });

  const damages: readonly (readonly [string, (text: string) => string, RegExp])[] = [
    ['cut off', (text) => text.slice(0, text.length / 2), /JSON/],
    ['empty', () => '', /JSON/],
    ['of another kind', () => '{"log":{"entries":[]}}', /it is no cassette/],
    [
      'of another version',
      (text) => text.replace('"cassette": 1', '"cassette": 2'),
      /its version is 2, and this one reads 1/,
    ],
    ['without an answer', (text) => text.replace('"body"', '"bodies"'), /"response" has neither/],
    ['without a question', (text) => text.replace('"request"', '"quest"'), /neither "request" nor "key"/],
    [
      'of an unknown surface',
      (text) => text.replace('"surface": "chat"', '"surface": "smoke"'),
      /"smoke" is not known/,
    ],
    [
      'without a date',
      (text) => text.replace(/"recordedAt": "[^"]*"/, '"recordedAt": "soon"'),
      /"recordedAt" is no date/,
    ],
  ];

  it.each(damages)('that is %s is named in the error', async (_what, edit, reason) => {
    await using folder = await temporaryFolder();
    const { file, error } = await asked(folder, edit);
    expect(error).toMatchObject({ code: 'AI_CASSETTE_INVALID' });
    expect(error.message).toContain(join(folder.dir, file));
    expect(error.message).toMatch(reason);
  });

  it('that is damaged is named to calls for others as well', async () => {
    await using folder = await temporaryFolder();
    const { file, error } = await asked(folder, () => '{', 'Something else');
    expect(error).toMatchObject({ code: 'AI_NOT_CACHED', hint: expect.stringContaining(file) });
  });

  it('that is damaged while it is played fails the call with its name', async () => {
    await using folder = await temporaryFolder();
    await record(folder.dir, 'Hello');
    const [file = ''] = await folder.files();
    await using pipeline = player(folder.dir);
    await run(pipeline, chat('Hello'));
    await writeFile(join(folder.dir, file), '{');
    const { error } = await run(pipeline, chat('Hello'));
    expect(error).toMatchObject({ code: 'AI_CASSETTE_INVALID', message: expect.stringContaining(file) });
  });

  it('that lacks the end of a stream is no answer', async () => {
    await using folder = await temporaryFolder();
    await using stage = await createStage({ cassettes: { dir: folder.dir, mode: 'record' } });
    await run(stage.pipeline, chat('Hello', { stream: true }));
    const [file = ''] = await folder.files();
    const cassette = JSON.parse(await folder.read(file));
    cassette.response.events.length = 2;
    await writeFile(join(folder.dir, file), JSON.stringify(cassette));
    await using pipeline = player(folder.dir);
    const { error } = await run(pipeline, chat('Hello'));
    expect((error as AiError).message).toMatch(/do not make a whole answer/);
  });

  it('is not written anew for the same answer, and is for another one', async () => {
    await using folder = await temporaryFolder();
    let content = 'One';
    const server = createServer((_request, response) => {
      const message = { role: 'assistant', content };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 'same', choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const ask = async (): Promise<string> => {
      await using pipeline = createPipeline({
        providers: [openaiProvider(`http://127.0.0.1:${port}/v1`)],
        cassettes: { dir: folder.dir, mode: 'record' },
      });
      expect((await run(pipeline, chat('Hello'))).error).toBeUndefined();
      await pipeline.close();
      const [file = '', ...others] = await folder.files();
      expect(others).toEqual([]);
      return folder.read(file);
    };
    // A date of long ago tells whether the file was written again.
    const first = (await ask()).replace(/"recordedAt": "[^"]*"/, '"recordedAt": "2020-02-02T00:00:00.000Z"');
    const [file = ''] = await folder.files();
    await writeFile(join(folder.dir, file), first);
    expect(await ask()).toBe(first);
    content = 'Two';
    const second = await ask();
    expect(second).toContain('"content": "Two"');
    expect(second).not.toContain('2020-02-02');
    server.close();
  });

  it('keeps every digit', async () => {
    await using folder = await temporaryFolder();
    await using stage = await createStage({ cassettes: { dir: folder.dir, mode: 'record' } });
    const source = (seed: string): Buffer =>
      Buffer.from(`{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],"seed":${seed}}`);
    await run(stage.pipeline, { surface: 'chat', body: source('9007199254740993') });
    // An answer waits for its file, but not for ever; the end of the pipeline does.
    await stage.pipeline.close();
    const [file = ''] = await folder.files();
    expect(await folder.read(file)).toContain('9007199254740993');
    await using pipeline = player(folder.dir);
    expect(
      (await run(pipeline, { surface: 'chat', body: source('9007199254740993') })).error,
    ).toBeUndefined();
    expect((await run(pipeline, { surface: 'chat', body: source('9007199254740992') })).error).toMatchObject({
      code: 'AI_NOT_CACHED',
    });
  });
});

describe('a folder of cassettes', () => {
  it('may be written by two processes at once', async () => {
    await using folder = await temporaryFolder();
    await using simulator = await createSimulator();
    const prompts = Array.from({ length: 20 }, (_, index) => `Prompt ${index}`);
    const script = fileURLToPath(new URL('scripts/record.ts', import.meta.url));
    const one = (own: readonly string[]) =>
      promisify(execFile)(process.execPath, [
        ...onSources,
        script,
        simulator.openaiBaseUrl,
        folder.dir,
        ...own,
      ]);
    await Promise.all([one(prompts.slice(0, 15)), one(prompts.slice(5))]);
    expect(await folder.files()).toHaveLength(20);
    await using pipeline = player(folder.dir);
    const outcomes = await Promise.all(prompts.map((prompt) => run(pipeline, chat(prompt))));
    expect(outcomes.map(({ error }) => error)).toEqual(prompts.map(() => undefined));
  });

  it('that cannot be written is told once, and fails no call', async () => {
    await using folder = await temporaryFolder();
    const dir = join(folder.dir, 'file', 'below');
    await writeFile(join(folder.dir, 'file'), '');
    for (const mode of ['record', 'auto'] as const) {
      const problems: AiError[] = [];
      await using stage = await createStage({
        cassettes: { dir, mode, onProblem: (problem) => problems.push(problem) },
      });
      const outcomes = await Promise.all(
        ['One', 'Two', 'One'].map((prompt) => run(stage.pipeline, chat(prompt))),
      );
      expect(outcomes.map(({ error, head }) => [error, head?.status])).toEqual(
        Array(3).fill([undefined, 200]),
      );
      expect(problems).toMatchObject([
        { code: 'AI_CASSETTES_UNAVAILABLE', message: expect.stringContaining(dir) },
      ]);
    }
    await using pipeline = player(dir);
    expect((await run(pipeline, chat('One'))).error).toMatchObject({ code: 'AI_CASSETTES_UNAVAILABLE' });
  });

  it('that is not there has no cassettes', async () => {
    await using folder = await temporaryFolder();
    await using pipeline = player(join(folder.dir, 'missing'));
    const { error } = await run(pipeline, chat('One'));
    expect(error).toMatchObject({
      code: 'AI_NOT_CACHED',
      hint: expect.stringContaining('no cassettes to compare'),
    });
  });

  it('goes on without a damaged file in the mode auto, tells it once, and records it anew', async () => {
    await using folder = await temporaryFolder();
    await record(folder.dir, 'Hello', 'Other');
    const [hello = '', other = ''] = await folder.files();
    await writeFile(join(folder.dir, hello), '{');
    await writeFile(join(folder.dir, other), '{');
    const problems: AiError[] = [];
    await using stage = await createStage({
      cassettes: { dir: folder.dir, mode: 'auto', onProblem: (problem) => problems.push(problem) },
    });
    for (const prompt of ['Hello', 'Hello', 'New', 'Other'])
      expect((await run(stage.pipeline, chat(prompt))).error).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['AI_CASSETTE_INVALID', 'AI_CASSETTE_INVALID']);
    expect(stage.simulator.stats().requests).toBe(3);
    await using pipeline = player(folder.dir);
    for (const prompt of ['Hello', 'New', 'Other'])
      expect((await run(pipeline, chat(prompt))).error).toBeUndefined();
  });

  it('is refused when the options are none', () => {
    const make = (cassettes: object) => () => createPipeline({ cassettes: cassettes as never });
    expect(make({ dir: '', mode: 'auto' })).toThrow(new TypeError('cassettes.dir must be a path, got ""'));
    expect(make({ dir: 'a', mode: 'auto', folder: 'b' })).toThrow('cassettes has no option "folder"');
    expect(make({ dir: 'a', mode: 'play' })).toThrow(
      /cassettes.mode must be one of record, replay, auto, got "play"/,
    );
  });
});

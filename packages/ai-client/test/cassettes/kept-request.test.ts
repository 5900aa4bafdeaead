import { type Cache, createCache } from '@ai-toolkit/core-cache';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createPipeline,
  type Entry,
  entryCodec,
  exportCassettes,
  importCassettes,
  openaiProvider,
  type PipelineOptions,
} from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage, type Stage } from '../support/stage.js';
import { type TemporaryFolder, temporaryFolder } from './support.js';

const secret = 'sk-0123456789abcdef0123456789abcdef';
const newCache = (): Cache<Entry> => createCache<Entry>({ codec: entryCodec });
const elsewhere = [openaiProvider('http://127.0.0.1:9/v1')];

interface Scene extends AsyncDisposable {
  readonly stage: Stage;
  readonly cache: Cache<Entry>;
  readonly folder: TemporaryFolder;
}

async function scene(options: Partial<PipelineOptions> = {}): Promise<Scene> {
  const folder = await temporaryFolder();
  const cache = newCache();
  const stage = await createStage({ cache, keepRequests: true, ...options });
  return {
    stage,
    cache,
    folder,
    [Symbol.asyncDispose]: async () => {
      await stage[Symbol.asyncDispose]();
      await cache.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('an exported cassette', () => {
  it('holds the request, but no secrets', async () => {
    await using s = await scene();
    const request = chat(
      `It is 10:15. My key is ${secret}.`,
      { temperature: 0.2 },
      {
        headers: { 'openai-beta': 'x', 'x-my-token': secret, authorization: `Bearer ${secret}` },
        cache: { namespace: 'eval', sample: 2 },
      },
    );
    await run(s.stage.pipeline, request);
    const { files, problems } = await exportCassettes(s.cache, s.folder.dir);
    expect(problems).toEqual([]);
    expect(files).toEqual([
      expect.stringMatching(/^gpt-4o-mini--it-is-10-15\.-my-key-is.*--[0-9a-f]{12}\.json$/),
    ]);
    const text = await s.folder.read(files[0] ?? '');
    // The simulator repeats the question in its answer, and answers are written as they came.
    expect(text.slice(0, text.indexOf('"response"'))).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({
      cassette: 1,
      surface: 'chat',
      provider: 'openai-compatible',
      model: 'gpt-4o-mini',
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      namespace: 'eval',
      sample: 2,
      headers: { 'openai-beta': 'x' },
      request: {
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'It is 10:15. My key is [redacted].' }],
        temperature: 0.2,
      },
    });
  });

  it('answers its request at any base URL, by replay and after an import', async () => {
    await using s = await scene();
    const live = await run(s.stage.pipeline, chat('Hello', { stream: true }));
    await exportCassettes(s.cache, s.folder.dir);
    await using player = createPipeline({
      providers: elsewhere,
      cassettes: { dir: s.folder.dir, mode: 'replay' },
    });
    expect(await run(player, chat('Hello', { stream: true }))).toMatchObject({
      head: { cache: 'hit' },
      text: live.text,
    });
    await using cache = newCache();
    expect(await importCassettes(s.folder.dir, cache, { providers: elsewhere })).toMatchObject({
      problems: [],
    });
    await using offline = createPipeline({ providers: elsewhere, cache, offline: true });
    expect(await run(offline, chat('Hello', { stream: true }))).toMatchObject({
      head: { cache: 'hit' },
      text: live.text,
    });
    await using same = createPipeline({ providers: s.stage.pipeline.providers, cache, offline: true });
    expect((await run(same, chat('Hello'))).head).toMatchObject({ cache: 'hit', key: live.head?.key });
  });

  it('lets a miss name the nearest answer and what differs, also after an import', async () => {
    await using s = await scene();
    await run(s.stage.pipeline, chat('It is 10:15. Why do tides come?'));
    await run(s.stage.pipeline, chat('Something else', { temperature: 1 }));
    await exportCassettes(s.cache, s.folder.dir);
    await using cache = newCache();
    await importCassettes(s.folder.dir, cache, { providers: elsewhere });
    await using offline = createPipeline({ providers: elsewhere, cache, offline: true });
    const { error } = await run(offline, chat('It is 10:16. Why do tides come?'));
    expect(error).toMatchObject({
      code: 'AI_NOT_CACHED',
      hint: expect.stringContaining('messages[0].content differs only in a timestamp.'),
    });
  });

  it('of a tenant stays its own, unless it is imported for one by name', async () => {
    await using s = await scene();
    const acme = { tenant: 'acme' };
    await run(s.stage.pipeline, chat('Secret plan', {}, acme));
    await exportCassettes(s.cache, s.folder.dir);
    const { providers } = s.stage.pipeline;
    await using player = createPipeline({ providers, cassettes: { dir: s.folder.dir, mode: 'replay' } });
    const other = await run(player, chat('Secret plan'));
    expect(other.error).toMatchObject({ code: 'AI_NOT_CACHED' });
    expect(JSON.stringify(other.error)).not.toContain('Secret plan');
    expect((await run(player, chat('Secret plan', {}, acme))).head?.cache).toBe('hit');

    await using cache = newCache();
    await importCassettes(s.folder.dir, cache, { providers });
    await using offline = createPipeline({ providers, cache, offline: true });
    expect((await run(offline, chat('Secret plan'))).error).toMatchObject({ code: 'AI_NOT_CACHED' });
    expect((await run(offline, chat('Secret plan', {}, acme))).head?.cache).toBe('hit');
    await importCassettes(s.folder.dir, cache, { providers, tenant: 'heirs' });
    expect((await run(offline, chat('Secret plan', {}, { tenant: 'heirs' }))).head?.cache).toBe('hit');
    expect((await run(offline, chat('Secret plan'))).error).toMatchObject({ code: 'AI_NOT_CACHED' });
  });

  it('that was edited answers what it says now, and no more under its old key', async () => {
    await using s = await scene();
    await run(s.stage.pipeline, chat('Hello'));
    const { files } = await exportCassettes(s.cache, s.folder.dir);
    await s.folder.edit(files[0] ?? '', (text) =>
      text.replace('"content": "Hello"', '"content": "Good bye"'),
    );
    await using cache = newCache();
    const { providers } = s.stage.pipeline;
    expect(await importCassettes(s.folder.dir, cache)).toMatchObject({
      problems: [{ error: { code: 'AI_NO_PROVIDER' } }],
    });
    await importCassettes(s.folder.dir, cache, { providers });
    await using offline = createPipeline({ providers, cache, offline: true });
    expect((await run(offline, chat('Good bye'))).head?.cache).toBe('hit');
    expect((await run(offline, chat('Hello'))).error).toMatchObject({ code: 'AI_NOT_CACHED' });
  });

  it.each([
    ['a request that is not kept', { keepRequests: false }, 'Hello'],
    ['a long request', {}, 'word '.repeat(20_000)],
  ])('of %s has its fingerprint, and answers under its key', async (_, options, prompt) => {
    await using s = await scene(options);
    await run(s.stage.pipeline, chat(prompt));
    const { files } = await exportCassettes(s.cache, s.folder.dir);
    const text = await s.folder.read(files[0] ?? '');
    expect(JSON.parse(text)).not.toHaveProperty('request');
    expect(text).not.toContain(`"${prompt}"`);
    await using cache = newCache();
    await importCassettes(s.folder.dir, cache);
    const { providers } = s.stage.pipeline;
    await using offline = createPipeline({ providers, cache, offline: true });
    expect((await run(offline, chat(prompt))).head?.cache).toBe('hit');
    expect((await run(offline, chat(prompt, { seed: 1 }))).error).toMatchObject({
      hint: expect.stringContaining('seed is only here (1)'),
    });
  });
});

describe('explain, with requests kept', () => {
  it('shows both sides of a difference, but not what others have asked', async () => {
    await using s = await scene();
    const { pipeline, simulator } = s.stage;
    const mine = await pipeline.explain(chat('mine'));
    await run(pipeline, chat('mine'));
    const acme = await run(pipeline, chat('theirs', {}, { tenant: 'acme' }));
    await pipeline.fetch(`${simulator.openaiBaseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer other' },
      body: chat('of another key').body as Uint8Array<ArrayBuffer>,
    });
    const told = await pipeline.explain(chat('yours'), { nearest: true, against: mine.key ?? '' });
    expect(told.comparison?.differences).toMatchObject([{ here: '"yours"', there: '"mine"' }]);
    expect(told.nearest).toMatchObject({ compared: 2, entry: { key: mine.key } });
    const against = await pipeline.explain(chat('yours'), { against: acme.head?.key ?? '' });
    expect(JSON.stringify(against)).not.toContain('theirs');
    for await (const { key } of s.cache.entries()) {
      const { comparison } = await pipeline.explain(chat('yours'), { against: key });
      expect(JSON.stringify(comparison)).not.toContain('of another key');
    }
  });
});

describe('entryCodec', () => {
  it('keeps answer and request apart, whatever their bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.option(bytes, { nil: undefined }), fc.string(), (answer, request, name) => {
        const entry: Entry = {
          bytes: answer,
          metadata: { shape: 'body', name, upstreamMs: 1.5, fingerprint: name },
          ...(request === undefined || request.length === 0 ? {} : { request }),
        };
        const pieces = entryCodec.encode(entry);
        const read = entryCodec.decode(
          Buffer.concat(Array.isArray(pieces) ? pieces : [pieces as Uint8Array]),
        );
        expect(Buffer.from(read.bytes)).toEqual(Buffer.from(entry.bytes));
        expect(read.metadata).toEqual(entry.metadata);
        expect(read.request && Buffer.from(read.request)).toEqual(
          entry.request && Buffer.from(entry.request),
        );
        expect(entryCodec.sizeOf(entry)).toBeGreaterThan(answer.length + (request?.length ?? 0));
      }),
    );
  });

  it('refuses a record whose request is longer than itself', () => {
    const entry: Entry = {
      bytes: Buffer.alloc(0),
      metadata: { shape: 'body', name: 'a', upstreamMs: 0, requestBytes: 9 } as Entry['metadata'],
    };
    expect(() => entryCodec.decode(Buffer.concat(entryCodec.encode(entry) as Uint8Array[]))).toThrow(
      RangeError,
    );
  });
});

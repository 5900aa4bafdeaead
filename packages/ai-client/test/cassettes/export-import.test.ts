import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cache, createCache } from '@ai-toolkit/core-cache';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import {
  createPipeline,
  type Entry,
  entryCodec,
  exportCassettes,
  importCassettes,
  openaiProvider,
} from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';
import { temporaryFolder } from './support.js';

const newCache = (): Cache<Entry> => createCache<Entry>({ codec: entryCodec });

describe('exportCassettes and importCassettes', () => {
  it('carry a cache to another machine, with its keys', async () => {
    await using folder = await temporaryFolder();
    await using here = newCache();
    await using there = newCache();
    await using simulator = await createSimulator();
    const providers = [openaiProvider(simulator.openaiBaseUrl)];
    await using online = createPipeline({ providers, cache: here });
    const live = await run(online, chat('Hello'));
    await run(online, chat('Streamed', { stream: true }));
    await run(online, chat('For acme', {}, { tenant: 'acme' }));
    const exported = await exportCassettes(here, folder.dir);
    expect(exported.problems).toEqual([]);
    expect([...exported.files].sort()).toEqual(await folder.files());
    expect(exported.files).toHaveLength(3);

    const imported = await importCassettes(folder.dir, there);
    expect(imported).toEqual({ files: await folder.files(), problems: [] });
    await using offline = createPipeline({ providers, cache: there, offline: true });
    const again = await run(offline, chat('Hello'));
    expect(again.head).toMatchObject({ cache: 'hit', key: live.head?.key });
    expect(JSON.parse(again.text)).toEqual(JSON.parse(live.text));
    expect((await run(offline, chat('Streamed'))).head?.cache).toBe('hit');
    expect((await run(offline, chat('For acme', {}, { tenant: 'acme' }))).head?.cache).toBe('hit');
    expect((await run(offline, chat('For acme'))).error).toMatchObject({ code: 'AI_NOT_CACHED' });
    expect(simulator.stats().requests).toBe(3);

    await using player = createPipeline({ providers, cassettes: { dir: folder.dir, mode: 'replay' } });
    expect((await run(player, chat('Hello'))).head?.cache).toBe('hit');
    const { error } = await run(player, chat('Hello', { temperature: 0.5 }));
    expect(error).toMatchObject({ hint: expect.stringContaining('temperature is only here (0.5)') });
  });

  it('says so when there is no such folder', async () => {
    await using folder = await temporaryFolder();
    await using cache = newCache();
    await expect(importCassettes(join(folder.dir, 'mistyped'), cache)).rejects.toMatchObject({
      code: 'AI_CASSETTES_UNAVAILABLE',
    });
  });

  it('writes what the filter lets through', async () => {
    await using folder = await temporaryFolder();
    await using cache = newCache();
    await using stage = await createStage({ cache });
    await run(stage.pipeline, chat('One', {}, { labels: { project: 'a' } }));
    await run(stage.pipeline, chat('Two'));
    const { files } = await exportCassettes(cache, folder.dir, {
      filter: ({ tags }) => tags.includes('project:a'),
    });
    expect(files).toHaveLength(1);
  });

  it('tells of entries that do not say what they answer', async () => {
    await using folder = await temporaryFolder();
    await using cache = newCache();
    await cache.set('old', {
      bytes: Buffer.from('{}'),
      metadata: { shape: 'body', name: 'a', upstreamMs: 1 },
    });
    expect(await exportCassettes(cache, folder.dir)).toMatchObject({
      files: [],
      problems: [{ name: 'old', error: { code: 'AI_CASSETTE_INVALID' } }],
    });
  });

  it('put what was recorded under the keys of the providers that are configured, for any tenant', async () => {
    await using folder = await temporaryFolder();
    await using stage = await createStage({ cassettes: { dir: folder.dir, mode: 'record' } });
    await run(stage.pipeline, chat('Recorded', {}, { cache: { namespace: 'eval', sample: 1 } }));
    await using cache = newCache();
    const providers = [openaiProvider('http://127.0.0.1:9/v1')];
    expect(await importCassettes(folder.dir, cache, { providers, tenant: 'acme' })).toMatchObject({
      problems: [],
    });
    await using offline = createPipeline({ providers, cache, offline: true });
    const asked = chat('Recorded', {}, { tenant: 'acme', cache: { namespace: 'eval', sample: 1 } });
    expect((await run(offline, asked)).head?.cache).toBe('hit');
    const [file = ''] = await folder.files();
    expect(await importCassettes(folder.dir, cache)).toMatchObject({
      files: [],
      problems: [{ name: file, error: { code: 'AI_NO_PROVIDER' } }],
    });
  });

  it('let one bad file keep no other out', async () => {
    await using folder = await temporaryFolder();
    await using stage = await createStage({ cassettes: { dir: folder.dir, mode: 'record' } });
    await run(stage.pipeline, chat('Good'));
    const [good = ''] = await folder.files();
    await writeFile(join(folder.dir, 'bad.json'), '{"cassette":9}');
    await writeFile(join(folder.dir, 'notes.txt'), 'not a cassette');
    await using cache = newCache();
    const { files, problems } = await importCassettes(folder.dir, cache, {
      providers: stage.pipeline.providers,
    });
    expect(files).toEqual([good]);
    expect(problems).toMatchObject([
      { name: 'bad.json', error: { message: expect.stringContaining('version is 9') } },
    ]);
    await expect(importCassettes(join(folder.dir, 'notes.txt'), cache)).rejects.toMatchObject({
      code: 'AI_CASSETTES_UNAVAILABLE',
    });
  });
});

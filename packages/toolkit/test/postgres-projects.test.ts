import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeWithPostgres } from '../../project-store/test/postgres/support/describe-with-postgres.js';
import { TestPostgres } from '../../project-store/test/postgres/support/postgres-server.js';
import { createToolkit, type Environment, loadConfig, type Toolkit } from '../src/index.js';

let server: TestPostgres;

async function open(environment: Environment = {}): Promise<{ toolkit: Toolkit; path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'ai-toolkit-postgres-'));
  const environmentOfServer = { AI_TOOLKIT_HOME: path, PROJECTS_DATABASE_URL: server.url, ...environment };
  const flags = { provider: 'simulator' } as const;
  const toolkit = createToolkit(
    await loadConfig({ directory: path, environment: environmentOfServer, flags }),
  );
  onTestFinished(async () => {
    await toolkit.close();
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  });
  return { toolkit, path };
}

describeWithPostgres('projects in PostgreSQL', () => {
  beforeAll(async () => {
    server = await TestPostgres.start();
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  it('are planned by any server, and each stage is asked once', async () => {
    const [first, second] = [await open(), await open()];
    const { id } = await (await first.toolkit.projects()).create({
      name: 'Tide Clock',
      description: 'A wall clock that shows the tide',
    });
    const run = async ({ toolkit }: typeof first): Promise<string[]> => {
      const seen: string[] = [];
      for await (const { type, stage } of (await toolkit.planner()).run(id)) {
        if (type === 'done' || type === 'skipped') seen.push(`${type} ${stage}`);
      }
      return seen.sort();
    };
    expect(await run(first)).toEqual([1, 2, 3, 4, 5, 6].map((stage) => `done ${stage}`));
    expect(await run(second)).toEqual([1, 2, 3, 4, 5, 6].map((stage) => `skipped ${stage}`));
    const { stages } = await (await second.toolkit.planner()).status(id);
    expect(stages.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'done'));
    // Nothing of the projects is on the disk of a server.
    expect(await readdir(first.path)).not.toContain('projects');
    const [line] = (await first.toolkit.diagnose()).filter(({ name }) => name === 'projects');
    expect(line?.detail).toBe(`1 in the database postgres on 127.0.0.1:${server.port}`);
  });

  it('never show the password of their database', async () => {
    const secret = 's3cret-of-mine';
    const away = await open({ PROJECTS_DATABASE_URL: `postgres://u:${secret}@127.0.0.1:9/db` });
    const diagnoses = await away.toolkit.diagnose();
    expect(diagnoses.find(({ name }) => name === 'projects')).toMatchObject({ status: 'failure' });
    expect(JSON.stringify(diagnoses)).not.toContain(secret);
    const wrong = await open({ PROJECTS_DATABASE_URL: `http://u:${secret}@127.0.0.1:9/db` }).catch(
      (error: unknown) => error,
    );
    expect(wrong).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(inspect(wrong, { depth: 10 })).not.toContain(secret);
  });
});

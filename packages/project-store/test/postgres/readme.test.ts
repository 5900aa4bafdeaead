import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

const run = promisify(execFile);

describeWithPostgres('the README', () => {
  const fixture = useServer();

  it('has an example of PostgreSQL that runs', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const blocks = [...readme.matchAll(/```js\n(.*?)```/gsu)].map(([, code = '']) => code);
    const example = blocks.find((code) => code.includes('createPostgresProjectStore')) ?? '';
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', example], {
      cwd: new URL('../..', import.meta.url),
      env: { ...process.env, PROJECTS_DATABASE_URL: fixture.server.url },
    });
    expect(stdout).toBe('changed [ 1 ]\n');
  });
});

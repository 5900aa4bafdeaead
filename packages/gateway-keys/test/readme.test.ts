import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

it("runs the README's example, and it prints what its comments say", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const expected = [...example.matchAll(/^\/\/ (.*)$/gm)].map((match) => match[1]);
  expect(expected).toHaveLength(2);
  // Inside the package, so that it resolves itself by its name as a user's program would.
  const folder = await mkdtemp(join(root, 'test', '.readme-'));
  try {
    const file = join(folder, 'example.mts');
    await writeFile(file, example);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
    expect(stderr).toBe('');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 30_000);

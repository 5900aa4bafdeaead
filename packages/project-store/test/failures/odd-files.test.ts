import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryStore } from '../temporary.js';

const run = promisify(execFile);
const plan = { number: 1, slug: 'initial-plan' };

async function socketAt(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}

/** Things that can stand where a file should, and would hold up or fill whoever reads them. */
const oddities: ReadonlyArray<readonly [string, (path: string) => Promise<unknown>, string, string]> = [
  ['a pipe', (path) => run('mkfifo', [path]), 'no ordinary file', 'garbled'],
  ['a folder', (path) => mkdir(path), 'it is a folder', 'garbled'],
  ['a socket', socketAt, 'ENXIO', 'unreadable'],
  [
    'of a gigabyte',
    async (path) => {
      await writeFile(path, '');
      await truncate(path, 2 ** 30);
    },
    'more than 16777216 are not read',
    'garbled',
  ],
  ['a link to an endless file', (path) => symlink('/dev/zero', path), 'symbolic link', 'link'],
  ['a link to itself', (path) => symlink(path, path), 'symbolic link', 'link'],
];

describe.skipIf(process.platform === 'win32')('a file of a project that is', () => {
  it.each(oddities)('%s is described where it is project.json', async (_name, put, reason, damage) => {
    const { store } = await temporaryStore();
    const whole = await store.create({ name: 'Whole' });
    const { path } = await store.create({ name: 'Odd' });
    await unlink(join(path, 'project.json'));
    await put(join(path, 'project.json'));
    const expected = [
      { kind: 'project', id: whole.id },
      { kind: 'damaged', path, damage, reason: expect.stringContaining(reason) },
    ];
    expect(await store.getAll()).toMatchObject(expected);
    expect((await store.repair()).damaged).toMatchObject(expected.slice(1));
    await expect(store.get('odd')).rejects.toThrow(reason);
    await expect(store.update('odd', { name: 'New' })).rejects.toThrow(reason);
  });

  it.each(oddities.filter(([name]) => name !== 'of a gigabyte'))(
    '%s is refused where it is a text',
    async (_name, put, reason) => {
      const { store } = await temporaryStore();
      const { id, path } = await store.create({ name: 'Odd' });
      await store.writeStage(id, plan, 'text');
      for (const file of ['idea.md', 'stages/1-initial-plan.md', 'stages/1-initial-plan.partial.md']) {
        await rm(join(path, file), { force: true });
        await put(join(path, file));
      }
      await expect(store.readIdea(id)).rejects.toThrow(reason);
      await expect(store.readStage(id, plan)).rejects.toThrow(reason);
      await expect(store.readPartial(id, plan)).rejects.toThrow(reason);
      await expect(store.writeStage(id, plan, 'new')).rejects.toThrow(reason);
      expect(await store.getAll()).toMatchObject([{ kind: 'project', id }]);
    },
  );

  it('a pipe holds nobody up where a lock should be', async () => {
    const { store } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Odd' });
    await run('mkfifo', [join(path, '.ai-toolkit', 'project.lock')]);
    await expect(store.update(id, { name: 'New' })).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  });
});

import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProjectStore } from '../../src/index.js';
import { settledStore } from '../settled-store.js';
import { temporaryFolder } from '../temporary.js';

const run = promisify(execFile);
const plan = { number: 1, slug: 'initial-plan' };

/** A disk of its own, if this user may have one. */
async function smallDisk(): Promise<string | undefined> {
  const folder = await temporaryFolder();
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]);
  } catch {
    return undefined;
  }
  onTestFinished(async () => {
    await run('umount', [folder]);
  });
  return folder;
}

describe('a disk', () => {
  it('that is full takes nothing and keeps everything', async (context) => {
    const disk = await smallDisk();
    if (disk === undefined) return context.skip('Only root may mount a small disk.');
    const root = join(disk, 'projects');
    const store = createProjectStore({ root });
    const { id, path } = await store.create({ name: 'Full', description: 'small' });
    await store.writeStage(id, plan, 'small');
    const list = await store.getAll();
    const before = await readFile(join(path, 'project.json'), 'utf8');
    await writeFile(join(disk, 'filling'), Buffer.alloc(480 * 1024)).catch(() => undefined);
    await writeFile(join(disk, 'rest'), Buffer.alloc(64 * 1024)).catch(() => undefined);

    const big = 'x'.repeat(100_000);
    for (const attempt of [
      () => store.writeStage(id, plan, big),
      () => store.writeIdea(id, big),
      () => store.update(id, { description: big.slice(0, 9_000) }),
      () => store.create({ name: 'Second', idea: big }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'STORE_UNWRITABLE',
        retryable: true,
        hint: expect.stringContaining('Free some space'),
      });
    }
    expect(await readFile(join(path, 'project.json'), 'utf8')).toBe(before);
    expect((await store.readStage(id, plan))?.text).toBe('small');
    // Without room for an index a list is as good.
    const next = createProjectStore({ root });
    expect(await next.getAll()).toEqual(list);
    expect((await readdir(root, { recursive: true })).filter((name) => /\.tmp|\.new-/u.test(name))).toEqual(
      [],
    );

    await run('rm', [join(disk, 'filling'), join(disk, 'rest')]);
    expect(await store.update(id, { description: 'room again' })).toMatchObject({ version: 4 });
  });

  it('that may only be read is listed and read, and says so to who writes', async (context) => {
    const disk = await smallDisk();
    if (disk === undefined) return context.skip('Only root may mount a small disk.');
    const root = join(disk, 'projects');
    const { store: before } = await settledStore(['Old'], { root });
    const { id, path } = await before.get('old');
    await run('mount', ['-o', 'remount,ro', disk]);
    const store = createProjectStore({ root });
    expect(await store.getAll()).toMatchObject([{ kind: 'project', id }]);
    expect(store.listState().index).toMatchObject({ status: 'unwritable', reason: 'EROFS' });
    expect(await store.readIdea(id)).toBe('');
    expect(await store.get('old')).toMatchObject({ path });
    expect(await store.repair({ dryRun: true })).toMatchObject({ orphans: [], damaged: [] });
    for (const attempt of [
      () => store.update(id, { name: 'New' }),
      () => store.create({ name: 'Second' }),
      () => store.delete(id),
      () => store.writeStage(id, plan, 'text'),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'STORE_UNWRITABLE', hint: expect.any(String) });
    }
    expect(await store.repair()).toMatchObject({ orphans: [], damaged: [], indexed: 1 });
  });
});

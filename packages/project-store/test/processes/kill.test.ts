import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createProjectStore, type ProjectStore } from '../../src/index.js';
import { temporaryStore } from '../temporary.js';
import { spawnChild } from './spawn-child.js';

const plan = { number: 1, slug: 'initial-plan' };
const rounds = Number(process.env.PROJECT_STORE_KILL_ROUNDS ?? 12);

/** What the processes have said: what was made, and what of it may be gone. */
interface Promised {
  readonly made: Map<string, string>;
  readonly deleting: Set<string>;
  readonly deleted: Set<string>;
  version: number;
  revision: number;
}

function collect(lines: Iterable<string>, promised: Promised): void {
  for (const line of lines) {
    const [word, value = '', ...rest] = line.split(' ');
    if (word === 'version') promised.version = Math.max(promised.version, Number(value));
    if (word === 'revision') promised.revision = Math.max(promised.revision, Number(value));
    if (word === 'made') promised.made.set(value, rest.join(' '));
    if (word === 'deleting') promised.deleting.add(value);
    if (word === 'deleted') promised.deleted.add(value);
  }
}

/** Everything that was promised is there, and everything that is there is whole. */
async function check(store: ProjectStore, id: string, promised: Promised): Promise<void> {
  const entries = await store.getAll();
  expect(entries.filter(({ kind }) => kind === 'damaged')).toEqual([]);
  const ids = new Set(entries.flatMap((entry) => (entry.kind === 'project' ? entry.id : [])));
  for (const made of promised.made.keys()) if (!promised.deleting.has(made)) expect(ids).toContain(made);
  for (const deleted of promised.deleted) expect(ids).not.toContain(deleted);
  for (const one of ids) {
    if (one === id) continue;
    const idea = /^(?:(idea \d+ of \d+\n)\1{99})$/u.exec(await store.readIdea(one));
    expect(idea).not.toBeNull();
    if (promised.made.has(one)) expect(idea?.[1]).toBe(`idea ${promised.made.get(one)}\n`);
  }
  await checkStage(store, id, promised);
}

async function checkStage(store: ProjectStore, id: string, promised: Promised): Promise<void> {
  const document = await store.readStage(id, plan);
  const { version, stages } = await store.get(id);
  expect(version).toBeGreaterThanOrEqual(promised.version);
  expect(document?.edited ?? false).toBe(false);
  expect(document?.revision).toBe(stages['1']?.revision);
  if (document !== undefined) expect(document.text).toBe(`text ${stages['1']?.identity}\n`.repeat(200));
  const revisions = await store.listRevisions(id, plan);
  expect(revisions.length).toBeGreaterThanOrEqual(promised.revision);
  for (const { origin, revision, identity } of revisions) {
    expect(origin).toBe('run');
    const { text } = await store.readRevision(id, plan, revision);
    expect(text).toBe(`text ${identity}\n`.repeat(200));
  }
  const partial = (await store.readPartial(id, plan)) ?? '';
  const whole = Array.from({ length: 20 }, (_, part) => `part ${part}\n`).join('');
  expect(whole.startsWith(partial)).toBe(true);
}

describe('processes that are killed at any moment', () => {
  it('leave every project whole, old or new, and nothing to repair but their temporary files', {
    timeout: rounds * 5_000,
  }, async () => {
    const { store, root } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Survivor' });
    const promised: Promised = {
      made: new Map(),
      deleting: new Set(),
      deleted: new Set(),
      version: 1,
      revision: 0,
    };
    for (let round = 0; round < rounds; round += 1) {
      const children = [spawnChild(root, 'live', id), spawnChild(root, 'live', id)];
      await Promise.all(children.map((child) => child.said('ready')));
      // The moment is what is random here; nothing is awaited by it.
      await sleep(randomInt(120));
      await Promise.all(children.map((child) => child.kill()));
      for (const { lines } of children) collect(lines, promised);
      await check(store, id, promised);

      const report = await createProjectStore({ root }).repair();
      expect(report).toMatchObject({ damaged: [], quarantined: [] });
      for (const orphan of report.orphans) expect(orphan).toMatch(/\.tmp$|\/\.new-|\.lock\.dead-/u);
      const left = (await readdir(root, { recursive: true })).filter((name) => !name.startsWith('.trash'));
      expect(left.filter((name) => /\.tmp$|\.new-|\.dead-/u.test(name))).toEqual([]);
      await check(store, id, promised);
      expect(await store.repair()).toMatchObject({ orphans: [], damaged: [] });
    }
    expect(promised.revision).toBeGreaterThan(0);
    expect(JSON.parse(await readFile(join(path, 'project.json'), 'utf8'))).toMatchObject({ id });
  });
});

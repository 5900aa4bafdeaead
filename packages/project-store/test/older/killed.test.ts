import { randomInt } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createProjectStore } from '../../src/index.js';
import { spawnChild } from '../processes/spawn-child.js';
import { temporaryFolder } from '../temporary.js';

const projects = 25;
const kills = 6;

it('a migration that was killed, at any moment, is finished by the next one', {
  timeout: 120_000,
}, async () => {
  const [place, root] = [await temporaryFolder(), await temporaryFolder()];
  for (let index = 0; index < projects; index += 1) {
    const stages = [1, 2, 3].map((number) => ({
      number,
      status: 'Completed',
      content: `text ${number} of ${index}`,
    }));
    await mkdir(join(place, `${index}`));
    await writeFile(
      join(place, `${index}`, 'project.json'),
      JSON.stringify({ id: `id ${index}`, name: 'Clock', stages }),
    );
  }
  for (let kill = 0; kill < kills; kill += 1) {
    // Two at once, of which one is killed.
    const [victim, other] = [spawnChild(root, 'migrate', place), spawnChild(root, 'migrate', place)];
    await victim.said('ready');
    // The moment is what is random here; nothing is awaited by it.
    await sleep(randomInt(80));
    await victim.kill();
    if (kill === kills - 1) await other.said('done');
    else await other.kill();
  }
  const store = createProjectStore({ root });
  const all = await store.getAll();
  const origins = all.map((entry) => (entry.kind === 'project' ? entry.origin : entry.reason));
  expect(origins.sort()).toEqual(Array.from({ length: projects }, (_, index) => `older:id ${index}`).sort());
  for (const entry of all) {
    if (entry.kind !== 'project') continue;
    const index = entry.origin?.slice('older:id '.length);
    for (const [number, { slug }] of Object.entries((await store.get(entry.id)).stages)) {
      const document = await store.readStage(entry.id, { number: Number(number), slug });
      expect(document).toMatchObject({ text: `text ${number} of ${index}`, edited: false });
    }
    expect(entry.stagesDone).toBe(3);
  }
  expect((await store.repair()).damaged).toEqual([]);
  expect((await readdir(root)).filter((name) => /^\.(?:new|import)/u.test(name))).toEqual([]);
});

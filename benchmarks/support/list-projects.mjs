import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createProjectStore } from '@ai-toolkit/project-store';

/*
 * Lists projects in its own process: `node list-projects.mjs floor|first|once|again ROOT CACHE`. Prints the times measured
 * inside the process as JSON: of the first call, and of later ones for `again`. Plain JavaScript, to spend no time on
 * stripping types.
 */
const [, , work, root = '', cacheDir = ''] = process.argv;

/** The minimum work of a list that reads every project's metadata, in plain code. */
async function readAll() {
  const names = (await readdir(root)).filter((name) => !name.startsWith('.'));
  const queue = names.values();
  let count = 0;
  const drain = async () => {
    for (const name of queue) {
      const project = JSON.parse(await readFile(join(root, name, 'project.json'), 'utf8'));
      if (typeof project === 'object') count += 1;
    }
  };
  await Promise.all(Array.from({ length: 32 }, drain));
  return count;
}

async function measure(list) {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const projects = await list();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return { projects, wallMs, cpuMs: (user + system) / 1000 };
}

if (work === 'floor') {
  process.stdout.write(JSON.stringify({ first: await measure(readAll), later: [] }));
} else {
  await using store = createProjectStore({ root, cacheDir, ...(work === 'once' ? { listTtlMs: 0 } : {}) });
  const list = async () => (await store.getAll()).length;
  const first = await measure(list);
  const later = [];
  for (let call = 0; call < 20 && work === 'again'; call += 1) later.push(await measure(list));
  process.stdout.write(JSON.stringify({ first, later }));
}

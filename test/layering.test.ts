import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/**
 * The house of docs/architecture.md: what each package may depend on. Imports only point down, never sideways or up, and
 * nothing depends on an app.
 */
const storeys: readonly (readonly string[])[] = [
  ['llm-simulator', 'core-cache', 'rate-limit'],
  ['project-store', 'ai-client'],
  ['planner', 'usage', 'gateway-keys'],
  ['toolkit'],
  ['cli', 'server', 'dashboard'],
];

/** What stands alone, so that it can be installed alone. */
const alone = ['core-cache', 'rate-limit', 'llm-simulator', 'dashboard'];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
}

const scope = '@ai-toolkit/';

async function manifests(): Promise<Map<string, Manifest>> {
  const found = new Map<string, Manifest>();
  for (const top of ['packages', 'apps']) {
    for (const folder of await readdir(new URL(`../${top}`, import.meta.url))) {
      const file = new URL(`../${top}/${folder}/package.json`, import.meta.url);
      found.set(folder, JSON.parse(await readFile(file, 'utf8')) as Manifest);
    }
  }
  return found;
}

async function sources(folder: string): Promise<{ file: string; text: string }[]> {
  const top = storeys.at(-1)?.includes(folder) ? 'apps' : 'packages';
  const root = new URL(`../${top}/${folder}/src/`, import.meta.url);
  const entries = await readdir(root, { recursive: true });
  const files = entries.filter((file) => /\.tsx?$/.test(file));
  return Promise.all(
    files.map(async (file) => ({ file, text: await readFile(new URL(file, root), 'utf8') })),
  );
}

function storeyOf(name: string): number {
  return storeys.findIndex((storey) => storey.includes(name));
}

function workspaceNames(names: Iterable<string>): string[] {
  return [...names]
    .filter((name) => name.startsWith(scope))
    .map((name) => name.slice(scope.length).split('/')[0] ?? '');
}

describe('layering', () => {
  it('has every package in its place, and no other', async () => {
    const found = await manifests();
    expect([...found.keys()].sort()).toEqual(storeys.flat().sort());
    for (const [folder, { name, engines }] of found) {
      expect(name).toBe(`${scope}${folder}`);
      expect(engines?.node).toBe('>=22.19');
    }
  });

  it('lets dependencies point down only', async () => {
    for (const [folder, { dependencies = {} }] of await manifests()) {
      for (const used of workspaceNames(Object.keys(dependencies))) {
        expect(storeyOf(used), `${folder} depends on ${used}`).toBeLessThan(storeyOf(folder));
        expect(storeys.at(-1), `${folder} depends on an app`).not.toContain(used);
      }
      if (alone.includes(folder)) expect(workspaceNames(Object.keys(dependencies))).toEqual([]);
    }
  });

  it('lets sources import only what lies below them', async () => {
    const imported = /(?:from|import\()\s*'(@ai-toolkit\/[^']+)'/g;
    for (const folder of storeys.flat()) {
      for (const { file, text } of await sources(folder)) {
        for (const used of workspaceNames([...text.matchAll(imported)].map(([, name = '']) => name))) {
          expect(storeyOf(used), `${folder}/${file} imports ${used}`).toBeLessThan(storeyOf(folder));
        }
      }
    }
  });
});

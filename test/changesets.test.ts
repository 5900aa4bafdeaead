import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

it('changesets name published packages, in the form in which the release reads them', async () => {
  const published = new Set<string>();
  for (const folder of await readdir(new URL('packages/', root))) {
    const manifest = JSON.parse(await readFile(new URL(`packages/${folder}/package.json`, root), 'utf8'));
    if (manifest.private !== true) published.add(manifest.name);
  }
  const files = (await readdir(new URL('.changeset/', root))).filter((file) => file.endsWith('.md'));
  for (const file of files) {
    const text = await readFile(new URL(`.changeset/${file}`, root), 'utf8');
    const [, heading = ''] = /^---\n((?:'[^']+': (?:major|minor|patch)\n)+)---\n\n\S/.exec(text) ?? [];
    const named = [...heading.matchAll(/'([^']+)'/g)].map(([, name]) => name);
    expect(named.length, `${file} begins with the packages that it is about`).toBeGreaterThan(0);
    for (const name of named) expect(published, `${file} names ${name}`).toContain(name);
  }
});

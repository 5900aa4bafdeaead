import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

async function pages(): Promise<string[]> {
  const inDocs = (await readdir(new URL('docs/', root), { recursive: true })).map((file) => `docs/${file}`);
  const packages = (await readdir(new URL('packages/', root))).map((name) => `packages/${name}/README.md`);
  return ['README.md', 'CONTRIBUTING.md', ...packages, ...inDocs.filter((file) => file.endsWith('.md'))];
}

describe('documents', () => {
  it('link only to what is there', async () => {
    for (const page of await pages()) {
      const text = await readFile(new URL(page, root), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        expect(existsSync(new URL(target, new URL(page, root))), `${page} links to ${target}`).toBe(true);
      }
    }
  });

  it('name only root scripts that exist', async () => {
    const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const builtIn = new Set(['changeset', 'install']);
    for (const page of await pages()) {
      const text = await readFile(new URL(page, root), 'utf8');
      for (const [, script = ''] of text.matchAll(/pnpm@12\.21\.0 (?!-)([a-z]+)/g)) {
        expect(script in scripts || builtIn.has(script), `${page} names the script ${script}`).toBe(true);
      }
    }
  });

  it('say in the README or the manual of the configuration every variable that the code reads', async () => {
    const manuals = ['README.md', 'docs/configuration.md'].map((page) =>
      readFile(new URL(page, root), 'utf8'),
    );
    const said = (await Promise.all(manuals)).join('\n');
    const files = await readdir(new URL('packages/toolkit/src/', root), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const text = await readFile(new URL(`packages/toolkit/src/${file}`, root), 'utf8');
      for (const [, variable = ''] of text.matchAll(/'((?:AI_TOOLKIT|OPENAI|ANTHROPIC|REDIS)_[A-Z_]+)'/g)) {
        expect(said, variable).toContain(`\`${variable}\``);
      }
    }
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const prefixes = 'AI|CACHE|CHAT|CONFIG|KEYS|LIMIT|PLAN|STORE|USAGE';

/** Codes as the sources write them: single-quoted words with a package's prefix. */
async function codesInSources(): Promise<Set<string>> {
  const codes = new Set<string>();
  const root = new URL('../packages/', import.meta.url);
  for (const file of await readdir(root, { recursive: true })) {
    if (!/^[^/]+\/src\/.*\.ts$/.test(file)) continue;
    const text = await readFile(new URL(file, root), 'utf8');
    for (const [, code = ''] of text.matchAll(new RegExp(`'((?:${prefixes})_[A-Z_]*[A-Z])'`, 'g')))
      codes.add(code);
  }
  return codes;
}

/** Codes that the server gives itself, without a prefix. */
async function codesOfServer(): Promise<Set<string>> {
  const codes = new Set<string>();
  const root = new URL('../apps/server/src/', import.meta.url);
  for (const file of await readdir(root, { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const text = await readFile(new URL(file, root), 'utf8');
    for (const [, code = ''] of text.matchAll(/\bcode: '([A-Z_]+)'/g)) codes.add(code);
  }
  return codes;
}

/** Names with such a prefix that are no codes. */
const environmentVariables: ReadonlySet<string> = new Set([
  'AI_TOOLKIT_ADMIN_KEY',
  'AI_TOOLKIT_HOME',
  'AI_TOOLKIT_HOST',
  'AI_TOOLKIT_LOG_LEVEL',
  'AI_TOOLKIT_MODEL',
  'AI_TOOLKIT_PORT',
  'AI_TOOLKIT_PROFILE',
  'AI_TOOLKIT_PROVIDER',
  'AI_TOOLKIT_WORKERS',
  'CACHE_ENABLED',
  'CACHE_TTL',
  'CACHE_TTL_SECONDS',
]);

describe('docs/errors.md', () => {
  it('lists every error code, once, and no other', async () => {
    const text = await readFile(new URL('../docs/errors.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `([A-Z_]+)` *\|(.*)\|(.*)\|$/gm)];
    const documented = rows.map(([, code = '']) => code);
    const written = [...(await codesInSources()), ...(await codesOfServer())];
    const used = written.filter((code) => !environmentVariables.has(code));
    expect([...documented].sort()).toEqual([...new Set(used)].sort());
    for (const [row, , meaning = '', remedy = ''] of rows) {
      expect(meaning.trim().length, row).toBeGreaterThan(10);
      expect(remedy.trim().length, row).toBeGreaterThan(5);
    }
  });
});

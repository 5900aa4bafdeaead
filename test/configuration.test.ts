import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

interface ConfigModule {
  readonly documentConfig: () => string;
}

describe('docs/configuration.md', () => {
  it('is what the schema says', async () => {
    const built = new URL('packages/toolkit/dist/config/index.js', root).href;
    const { documentConfig } = (await import(built)) as ConfigModule;
    const written = await readFile(new URL('docs/configuration.md', root), 'utf8');
    expect(written, 'run: node packages/toolkit/scripts/document-config.ts').toBe(documentConfig());
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectBlocks } from '../../src/code/extract/select-blocks.js';

/** Path and text of each file that is found. */
function files(text: string): Record<string, string> {
  return Object.fromEntries(selectBlocks(text).files.map((file) => [file.path, file.text]));
}

const body = 'export const a = 1;\n';

describe('a block says its file', () => {
  it.each([
    ['```ts src/a.ts'],
    ['```ts title="src/a.ts"'],
    ["```ts title='src/a.ts'"],
    ['```ts file=src/a.ts'],
    ['```ts filename="src/a.ts" showLineNumbers'],
    ['```ts {1,3-4} title="src/a.ts"'],
    ['```ts {title="src/a.ts"}'],
    ['```{.ts filename="src/a.ts"}'],
    ['```ts file: src/a.ts'],
    ['```ts:src/a.ts'],
    ['```src/a.ts'],
    ['``` src/a.ts'],
    ['```ts ./src/a.ts'],
    ['```ts src\\a.ts'],
    ['```ts (src/a.ts)'],
    ['```ts [src/a.ts]'],
    ['```ts // src/a.ts'],
    ['```ts:title=src/a.ts'],
    ['```typescript {numberLines: true, file: "src/a.ts"}'],
    ['<!-- src/a.ts -->\n```ts'],
    ['#### File 3: `src/a.ts`\n```ts'],
    ['**1. `src/a.ts`**\n```ts'],
    ['* `src/a.ts`\n```ts'],
    ['- **`src/a.ts`**:\n  ```ts', '  ```'],
    ['~~~ts src/a.ts', '~~~'],
    ['`````ts src/a.ts', '`````'],
    ['```ts src/a.ts', '`````   '],
    ['```ts\n// src/a.ts'],
    ['```ts\n// file: src/a.ts'],
    ['```ts\n// File name: src/a.ts'],
    ['```ts\n# file: src/a.ts'],
    ['```ts\n/* src/a.ts */'],
    ['```ts\n<!-- src/a.ts -->'],
    ['```ts\n{/* src/a.ts */}'],
    ['```ts\n-- src/a.ts'],
    ['```ts\n; src/a.ts'],
    ['**src/a.ts**\n```ts'],
    ['**src/a.ts**:\n\n```ts'],
    ['**`src/a.ts`** (new)\n```ts'],
    ['**File: `src/a.ts`**\n```ts'],
    ['`src/a.ts`\n```ts'],
    ['### src/a.ts\n```ts'],
    ['### src/a.ts\n\n```ts'],
    ['### 3. `src/a.ts`\n```ts'],
    ['#### 1.2. src/a.ts\n```ts'],
    ['1. **src/a.ts**\n```ts'],
    ['File: src/a.ts\n```ts'],
    ['Create `src/a.ts`:\n```ts'],
    ['src/a.ts:\n```ts'],
  ])('%j', (opening, closing = '```') => {
    expect(files(`Some words.\n\n${opening}\n${body}${closing}\n\nMore.\n`)).toEqual({ 'src/a.ts': body });
  });

  it.each([
    ['```ts'],
    ['```'],
    ['```js console.log'],
    ['```c++'],
    ['```asp.net'],
    ['```Dockerfile'],
    ['```diff src/a.ts'],
    ['```patch title="src/a.ts"'],
    ['### Node.js\n```sh'],
    ['### example.com\n```'],
    ['### Promise.all\n```js'],
    ['### Client/Server\n```'],
    ['### `/users/{id}`\n```json'],
    ['```json\n// /users/login'],
    ['```text input/output'],
    ['**and/or**\n```ts'],
    ['### Version 1.2\n```ts'],
    ['Run this in src/a.ts:\n```ts'],
    ['In `src/a.ts`:\n```ts'],
    ['**src/a.ts**\n```sh'],
    ['**src/a.ts**\n\n\n```ts'],
    ['See https://example.com/a.ts\n```ts'],
    ['https://example.com/a.ts\n```ts'],
    ['```ts\n// @ts-check'],
    ['```ts\n// https://example.com/a.ts'],
    ['```c\n#include "a.h"'],
    ['```sh\n#!/usr/bin/env node'],
    ['```ts title="How it works"'],
    ['> a quote\n```ts'],
  ])('or does not: %j', (opening) => {
    expect(selectBlocks(`${opening}\n${body}\`\`\`\n`)).toEqual({ files: [], skipped: [], unnamed: 1 });
  });

  it.each([
    ['```dockerfile Dockerfile', 'Dockerfile'],
    ['### Makefile\n```make', 'Makefile'],
    ['**__init__.py**\n```python', '__init__.py'],
    ['```ts app/[id]/(group)/page@2.tsx', 'app/[id]/(group)/page@2.tsx'],
    ['```sh bin/start', 'bin/start'],
    ['**bin/start**\n```sh', 'bin/start'],
    ['```text ./LICENCE', 'LICENCE'],
    ['### docker/Dockerfile\n```dockerfile', 'docker/Dockerfile'],
    ['```ini .gitignore', '.gitignore'],
    ['```ts file="with space.ts"', 'with space.ts'],
    ['```ts path=a/b/c.d.e.ts', 'a/b/c.d.e.ts'],
    ['```py src/größe.py', 'src/größe.py'],
  ])('%j as %s', (opening, path) => {
    expect(files(`${opening}\n${body}\`\`\`\n`)).toEqual({ [path]: body });
  });

  it('in the form that the built-in template asks for', () => {
    expect(files(`\`\`\`ts file=src/example.ts\n${body}\`\`\``)).toEqual({ 'src/example.ts': body });
  });
});

describe('the text of a block', () => {
  it('has no line that only says its name, so that what must be first is first', () => {
    expect(files('```json\n// package.json\n{}\n```\n```sh\n# file: run.sh\n#!/bin/sh\n```')).toEqual({
      'package.json': '{}\n',
      'run.sh': '#!/bin/sh\n',
    });
  });

  it('keeps CRLF where the text has it', () => {
    expect(files('**a.ts**\r\n\r\n```ts\r\none\r\n\r\ntwo\r\n```\r\n')).toEqual({
      'a.ts': 'one\r\n\r\ntwo\r\n',
    });
  });

  it('loses the indentation of the list that it stands in, and no more', () => {
    const text =
      '1. First:\n\n   ```py a.py\n   if x:\n       y()\n\n   ```\n\n2. Then\n\t```py b.py\n\tz\n\t```\n';
    expect(files(text)).toEqual({ 'a.py': 'if x:\n    y()\n\n', 'b.py': 'z\n' });
  });

  it('holds shorter fences, other fences, and those that are indented too far', () => {
    const inner = '# Title\n\n```sh\nnpm i\n```\n\n~~~\nx\n~~~\n     ````\n';
    expect(files(`\`\`\`\`md README.md\n${inner}\`\`\`\`\n`)).toEqual({ 'README.md': inner });
    expect(files('~~~md a.md\n```\nx\n```\n~~~\n')).toEqual({ 'a.md': '```\nx\n```\n' });
  });

  it('holds the blocks of a Markdown file that was fenced no longer than they are', () => {
    const inner = '# Title\n\n```sh\nnpm i\n```\n\n```js src/x.js\nx\n```\n\nEnd\n';
    expect(files(`\`\`\`md README.md\n${inner}\`\`\`\n\n\`\`\`ts a.ts\n${body}\`\`\`\n`)).toEqual({
      'README.md': inner,
      'a.ts': body,
    });
  });

  it('may be empty', () => {
    expect(files('```py pkg/__init__.py\n```')).toEqual({ 'pkg/__init__.py': '' });
  });

  it('ends with the text, and is reported then', () => {
    const { files: found, skipped } = selectBlocks(
      `\`\`\`ts a.ts\n${body}\`\`\`\n\n\`\`\`ts b.ts\nexport const b`,
    );
    expect(found.map(({ path }) => path)).toEqual(['a.ts']);
    expect(skipped).toEqual([
      { line: 5, name: 'b.ts', reason: 'unclosed', why: 'the text ends before the block does' },
    ]);
    expect(selectBlocks('```').skipped).toEqual([expect.objectContaining({ line: 1, reason: 'unclosed' })]);
  });

  it('is found in no time, however long its lines are', () => {
    const long = 300_000;
    for (const piece of [' ', '*', '`', '~', 'a ', '// ', '"', '/', ': ']) {
      const line = piece.repeat(long);
      const text = `${line}\n\`\`\`ts ${line.replaceAll('`', "'")}x\n// ${line}x\n\`\`\`\n**${line}**x\n~~~\n${line}\n~~~\n`;
      expect(selectBlocks(text).files).toEqual([]);
    }
  });

  it('is found in no time among any number of others', () => {
    const many = 30_000;
    expect(selectBlocks('```md\n```js\n```\n'.repeat(many)).unnamed).toBe(many);
    const named = Array.from({ length: many }, (_, n) => `\`\`\`ts src/a${n}.ts\n${body}\`\`\`\n`).join('');
    expect(selectBlocks(named).files).toHaveLength(many);
    const same = selectBlocks(`\`\`\`ts a.ts\n${body}\`\`\`\n`.repeat(many));
    expect([same.files.length, same.skipped.length]).toEqual([1, many - 1]);
  });

  it('comes back as it was put in, whatever it is and however it is fenced', () => {
    const texts = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('```', '~~~~', '  ```ts', '', '````js a.ts')),
      { maxLength: 8 },
    );
    const marks = fc.tuple(fc.constantFrom('`', '~'), fc.integer({ min: 3, max: 6 }));
    fc.assert(
      fc.property(
        texts,
        marks,
        fc.constantFrom('\n', '\r\n'),
        fc.nat(6),
        (parts, [mark, least], eol, indent) => {
          const lines = parts.map((line) => line.replaceAll(/[\r\n]/gu, ' '));
          const longest = Math.max(
            0,
            ...lines.flatMap((line) => line.match(/`+|~+/gu) ?? []).map((run) => run.length),
          );
          const fence = mark.repeat(Math.max(least, longest + 1));
          const space = ' '.repeat(indent);
          const written = [`${fence}ts file=src/a.ts`, ...lines, fence].map((line) => space + line).join(eol);
          expect(files(`words${eol}${eol}${written}${eol}`)).toEqual({
            'src/a.ts': lines.map((line) => line + eol).join(''),
          });
        },
      ),
    );
  });
});

describe('two blocks of one name', () => {
  it('are both left, and say of each other', () => {
    const { files: found, skipped } = selectBlocks(
      '```ts a.ts\n1\n```\n```ts ./A.ts\n2\n```\n```ts b.ts\n3\n```\n',
    );
    expect(found.map(({ path }) => path)).toEqual(['b.ts']);
    expect(skipped).toEqual([
      {
        line: 1,
        name: 'a.ts',
        reason: 'duplicate',
        why: 'the block on line 4 has the same name and another text',
      },
      expect.objectContaining({ line: 4, name: './A.ts', reason: 'duplicate' }),
    ]);
  });

  it('are one when they are the same', () => {
    const { files: found, skipped } = selectBlocks('```ts a.ts\n1\n```\n```ts a.ts\n1\n```\n');
    expect(found).toEqual([{ path: 'a.ts', line: 1, text: '1\n' }]);
    expect(skipped).toEqual([expect.objectContaining({ line: 4, why: 'it repeats the block on line 1' })]);
  });

  it('may not be a file and a folder', () => {
    const { files: found, skipped } = selectBlocks('```sh bin/a\n1\n```\n```ts bin/a/b.ts\n2\n```\n');
    expect(found.map(({ path }) => path)).toEqual(['bin/a/b.ts']);
    expect(skipped).toEqual([expect.objectContaining({ line: 1, reason: 'clash' })]);
  });
});

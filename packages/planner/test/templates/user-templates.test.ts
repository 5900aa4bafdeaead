import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createTemplateSource,
  exportTemplate,
  exportTemplateFile,
  importTemplate,
  PlanError,
  resetAllTemplates,
  resetTemplate,
  sixStages,
  validateTemplate,
} from '../../src/index.js';
import { temporaryFolder } from '../temporary.js';

describe('a user', () => {
  it('exports a template, changes it, brings it in, and goes back to the built-in one', async () => {
    const templatesDir = join(await temporaryFolder(), 'templates');
    const source = createTemplateSource({ templatesDir });
    const text = (await exportTemplate(source, 'partials/writing')).replace('Markdown', 'plain text');
    const path = await importTemplate(templatesDir, 'partials/writing', text);
    expect(path).toBe(join(templatesDir, 'partials', 'writing.hbs'));
    expect((await source.load('partials/writing'))?.text).toBe(text);
    expect(await resetTemplate(templatesDir, 'partials/writing')).toBe(true);
    expect(await resetTemplate(templatesDir, 'partials/writing')).toBe(false);
    expect((await source.load('partials/writing'))?.origin).toBe('built-in');
  });

  it('exports to a folder, over no other file, and goes back to all built-in ones at once', async () => {
    const folder = await temporaryFolder();
    const templatesDir = join(folder, 'templates');
    const source = createTemplateSource({ templatesDir });
    const path = await exportTemplateFile(source, 'partials/writing', join(folder, 'out'));
    expect(path).toBe(join(folder, 'out', 'partials', 'writing.hbs'));
    expect(await exportTemplateFile(source, 'partials/writing', join(folder, 'out'))).toBe(path);
    await writeFile(path, 'mine');
    await expect(exportTemplateFile(source, 'partials/writing', join(folder, 'out'))).rejects.toMatchObject({
      code: 'PLAN_EXTRACT_CONFLICT',
    });
    await exportTemplateFile(source, 'partials/writing', join(folder, 'out'), { force: true });
    expect(await readFile(path, 'utf8')).toBe(await exportTemplate(source, 'partials/writing'));
    await expect(exportTemplateFile(source, 'nothing', folder)).rejects.toMatchObject({
      code: 'PLAN_TEMPLATE_NOT_FOUND',
    });
    expect(await resetAllTemplates(templatesDir)).toEqual([]);
    await importTemplate(templatesDir, 'partials/writing', 'x');
    await importTemplate(templatesDir, 'own', 'y');
    expect(await resetAllTemplates(templatesDir)).toEqual(['own', 'partials/writing']);
    expect((await source.load('partials/writing'))?.origin).toBe('built-in');
  });

  it('cannot bring in what is no template, nor write elsewhere', async () => {
    const folder = await temporaryFolder();
    const templatesDir = join(folder, 'templates');
    for (const name of ['../x', 'a/b', '/x', 'X', '', 'partials/../../x', 'a.hbs']) {
      const refusal = expect.objectContaining({ code: 'PLAN_TEMPLATE_INVALID' });
      await expect(importTemplate(templatesDir, name, 'x')).rejects.toEqual(refusal);
      await expect(resetTemplate(templatesDir, name)).rejects.toEqual(refusal);
    }
    await expect(importTemplate(templatesDir, 'system', '{{#if x}}')).rejects.toMatchObject({
      code: 'PLAN_TEMPLATE_INVALID',
    });
    expect(await readdir(folder)).toEqual([]);
    await writeFile(templatesDir, 'a file');
    const failure = await importTemplate(templatesDir, 'system', 'x').catch((error: unknown) => error);
    expect(PlanError.isInstance(failure)).toBe(true);
    expect(await readFile(templatesDir, 'utf8')).toBe('a file');
  });
});

describe('validateTemplate', () => {
  it('finds nothing wrong with the built-in ones', async () => {
    const source = createTemplateSource();
    for (const name of await source.names()) await validateTemplate(source, name);
  });

  it.each([
    ['initial-plan', '{{project.nmae}}', 'PLAN_TEMPLATE_VARIABLE'],
    ['initial-plan', '{{inputs.architecture-design}}', 'PLAN_TEMPLATE_VARIABLE'],
    ['initial-plan', '{{> partials/none}}', 'PLAN_TEMPLATE_NOT_FOUND'],
    ['initial-plan', '{{#if project.name}}', 'PLAN_TEMPLATE_INVALID'],
    ['my-own', '{{inputs.initial-plan}}', 'PLAN_TEMPLATE_VARIABLE'],
    ['architecture-design', '{{inputs.initial-plan}} {{vars.tone}} {{context.code}}', undefined],
    ['my-own', '{{project.idea}} {{#each vars}}{{@key}}{{/each}}', undefined],
    ['partials/project', '{{anything}}', undefined],
  ])('judges %s as %s: %s', async (name, text, code) => {
    const templatesDir = await temporaryFolder();
    if (code !== 'PLAN_TEMPLATE_INVALID') await importTemplate(templatesDir, name, text);
    else await writeFile(join(templatesDir, `${name}.hbs`), text);
    const validation = validateTemplate(createTemplateSource({ templatesDir }), name, sixStages);
    if (code === undefined) await validation;
    else await expect(validation).rejects.toMatchObject({ code });
  });
});

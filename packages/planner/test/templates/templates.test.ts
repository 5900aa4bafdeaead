import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTemplateSource, type TemplateSource } from '../../src/index.js';
import { renderTemplate } from '../../src/templates/render.js';
import { loadTemplate } from '../../src/templates/template-tree.js';

const variables = { project: { name: 'N', idea: '' }, inputs: {}, vars: { tone: 'dry <b>' } };

async function render(text: string, partials: Record<string, string> = {}): Promise<string> {
  const texts = new Map(Object.entries({ main: text, ...partials }));
  const source: TemplateSource = {
    load: async (name) => {
      const found = texts.get(name);
      return found === undefined ? undefined : { name, text: found, origin: 'test' };
    },
    names: async () => [...texts.keys()],
  };
  return renderTemplate(await loadTemplate(source, 'main'), variables);
}

describe('templates', () => {
  it.each([
    ['{{project.name}}', 'N'],
    ['{{vars.tone}}', 'dry <b>'],
    ['{{#if vars.other}}{{vars.other}}{{else}}none{{/if}}', 'none'],
    ['{{#unless vars.other}}none{{/unless}}', 'none'],
    ['{{#if (eq vars.tone "dry <b>")}}yes{{/if}}', 'yes'],
    ['{{#if (eq vars.other "x")}}{{vars.other}}{{else}}no{{/if}}', 'no'],
    ['{{#eq project.name "N"}}yes{{else}}no{{/eq}}', 'yes'],
    ['{{#eq project.name "M"}}yes{{else}}no{{/eq}}', 'no'],
    ['{{#each vars}}{{@key}}={{this}}{{/each}}', 'tone=dry <b>'],
    ['{{#with project}}{{name}}{{/with}}', 'N'],
    ['{{> partials/p text=vars.tone}}', 'p: dry <b> N'],
    ['{{#each vars as |project|}}{{project}}{{/each}}', 'dry <b>'],
  ])('render %s', async (text, expected) => {
    expect(await render(text, { 'partials/p': 'p: {{text}} {{project.name}}' })).toBe(`${expected}\n`);
  });

  it.each([
    ['{{vars.audience}}', 'vars.audience', 1],
    ['a\n{{project.nmae}}', 'project.nmae', 2],
    ['{{nothing}}', 'nothing', 1],
    ['{{#if project.nmae}}{{/if}}', 'project.nmae', 1],
    ['{{#if nothing}}{{/if}}', 'nothing', 1],
    ['{{> partials/p text=inputs.initial-plan}}', 'inputs.initial-plan', 1],
    ['{{#if (eq vars.other "x")}}{{/if}}{{vars.other}}', 'vars.other', 1],
    ['{{project.constructor}}', 'project.constructor', 1],
    ['{{project}}', 'project', 1],
    ['{{#if project.name}}{{{vars}}}{{/if}}', 'vars', 1],
  ])('refuse %s and name the variable', async (text, variable, line) => {
    await expect(render(text, { 'partials/p': '{{text}}' })).rejects.toMatchObject({
      code: 'PLAN_TEMPLATE_VARIABLE',
      message: `Unknown variable ${variable} in the template main, line ${line}.`,
      hint: expect.any(String),
    });
  });

  it('name the variable that a partial misses', async () => {
    await expect(render('{{> partials/p}}', { 'partials/p': '{{vars.x}}' })).rejects.toMatchObject({
      code: 'PLAN_TEMPLATE_VARIABLE',
      message: 'Unknown variable vars.x in the template partials/p, line 1.',
    });
    await expect(render('{{> partials/p}}', { 'partials/p': '{{title}}' })).rejects.toMatchObject({
      code: 'PLAN_TEMPLATE_VARIABLE',
      message: expect.stringContaining('title'),
    });
  });

  it.each([
    ['{{#if project.name}}', 'PLAN_TEMPLATE_INVALID'],
    ['{{nohelper project.name}}', 'PLAN_TEMPLATE_VARIABLE'],
    ['{{log project.name}}', 'PLAN_TEMPLATE_VARIABLE'],
    ['{{#if (log project.name)}}{{/if}}', 'PLAN_TEMPLATE_VARIABLE'],
    ['{{> (lookup vars "tone")}}', 'PLAN_TEMPLATE_INVALID'],
    ['{{#> partials/p}}{{/partials/p}}', 'PLAN_TEMPLATE_INVALID'],
    ['{{> partials/absent}}', 'PLAN_TEMPLATE_NOT_FOUND'],
    ['{{> partials/self}}', 'PLAN_TEMPLATE_INVALID'],
  ])('refuse %s with %s', async (text, code) => {
    const partials = { 'partials/p': '', 'partials/self': '{{> partials/self}}' };
    await expect(render(text, partials)).rejects.toMatchObject({ code });
  });
});

describe('a template', () => {
  it.each([
    '{{log project.name}}',
    '{{#with project}}{{toString}}{{/with}}',
    '{{lookup project "valueOf"}}',
    '{{> partials/p}}',
  ])('prints nothing, be it %s', async (text) => {
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    onTestFinished(() => void vi.restoreAllMocks());
    const partials = { 'partials/p': '{{#with project}}{{hasOwnProperty}}{{/with}}' };
    await render(text, partials).catch(() => undefined);
    expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });
});

describe('createTemplateSource', () => {
  it('prefers the files of the user, template by template', async () => {
    const templatesDir = await mkdtemp(join(tmpdir(), 'templates-'));
    onTestFinished(() => rm(templatesDir, { recursive: true }));
    await mkdir(join(templatesDir, 'partials'));
    await writeFile(join(templatesDir, 'initial-plan.hbs'), 'mine: {{> partials/project}}');
    await writeFile(join(templatesDir, 'partials/project.hbs'), 'P');
    await writeFile(join(templatesDir, 'extra.hbs'), 'E');
    const source = createTemplateSource({ templatesDir });
    expect(renderTemplate(await loadTemplate(source, 'initial-plan'), variables)).toBe('mine: P\n');
    expect(await source.load('architecture-design')).toMatchObject({ origin: 'built-in' });
    expect(await source.load('extra')).toMatchObject({ origin: join(templatesDir, 'extra.hbs') });
    expect(await source.names()).toEqual(expect.arrayContaining(['extra', 'partials/writing', 'system']));
  });

  it.each(['../secret', '/etc/passwd', 'a/b', 'partials/../x', '', 'x.hbs'])(
    'knows no template %j',
    async (name) => {
      const source = createTemplateSource({ templatesDir: tmpdir() });
      expect(await source.load(name)).toBeUndefined();
      await expect(loadTemplate(source, name)).rejects.toMatchObject({
        code: 'PLAN_TEMPLATE_NOT_FOUND',
        hint: expect.stringContaining('initial-plan'),
      });
    },
  );
});

import { describe, expect, it } from 'vitest';
import { createTemplateSource, sixStages } from '../../src/index.js';
import { renderTemplate } from '../../src/templates/render.js';
import { loadTemplate } from '../../src/templates/template-tree.js';

const source = createTemplateSource();
const slugs = new Map(sixStages.map(({ id, slug }) => [id, slug]));

async function prompt(
  index: number,
  vars: Record<string, string> = {},
  context = { code: '', description: '' },
): Promise<string> {
  const stage = sixStages[index];
  if (stage === undefined) throw new RangeError(`no stage at ${index}`);
  const inputs = Object.fromEntries(
    stage.needs.map((need) => [slugs.get(need) ?? '', `text of ${need} <&>"'`]),
  );
  const project = { name: 'Tom & "Jerry"', description: 'A <b>chase</b>', idea: '' };
  const variables = { project, stage: { name: stage.name }, context, inputs, vars };
  return renderTemplate(await loadTemplate(source, stage.template), variables);
}

describe('the built-in templates', () => {
  it.each(sixStages.map(({ name }, index) => [name, index] as const))(
    '%s asks for a document worth reading',
    async (name, index) => {
      const text = await prompt(index);
      expect(text).toContain('Tom & "Jerry"');
      expect(text).toContain('A <b>chase</b>');
      expect(text).not.toMatch(/&amp;|&quot;|&lt;|\{\{|undefined|\n{4,}/u);
      for (const need of sixStages[index]?.needs ?? []) expect(text).toContain(`text of ${need} <&>"'`);
      const asked = text.slice(text.indexOf('Title and headings:'));
      expect(asked).toContain(`# ${name}: Tom & "Jerry"`);
      for (const heading of ['## Risks', '## Open questions']) expect(asked).toContain(heading);
      expect(asked.match(/^## /gmu)?.length).toBeGreaterThanOrEqual(9);
      expect(text).toMatch(/reason/u);
      const lines = text.split('\n').length;
      expect(lines).toBeGreaterThan(60);
    },
  );

  it('differ from each other in more than names', async () => {
    const texts = await Promise.all(sixStages.map((_, index) => prompt(index)));
    const lines = texts.map((text) => new Set(text.split('\n').filter((line) => line.length > 40)));
    for (const [index, own] of lines.entries()) {
      for (const other of lines.slice(index + 1)) {
        const shared = [...own].filter((line) => other.has(line)).length;
        expect(shared / own.size).toBeLessThan(0.35);
      }
    }
  });

  it('hand on what the author adds, and only then', async () => {
    expect(await prompt(0)).not.toContain('The author adds');
    const text = await prompt(0, { audience: 'sailors', tone: 'terse' });
    expect(text).toMatch(/The author adds for this document:\n\n- audience: sailors\n- tone: terse\n/u);
  });

  it.each(sixStages.map(({ name }, index) => [name, index] as const))(
    '%s is shown code that was imported, and only then hears of it',
    async (_, index) => {
      expect(await prompt(index)).not.toContain('Code that exists already');
      const text = await prompt(index, {}, { code: '## a.ts <&>', description: 'The "old" parser' });
      expect(text).toContain(
        '# Code that exists already\n\nThe "old" parser\n\nThe files below are what is there today',
      );
      expect(text).toContain('<document name="Existing code">\n## a.ts <&>\n</document>');
      expect(text.indexOf('## a.ts')).toBeLessThan(text.indexOf('# Your task'));
    },
  );

  it('write the next code where there is some, and the first where there is none', async () => {
    const [first, next] = [await prompt(5), await prompt(5, {}, { code: '## a.ts', description: '' })];
    expect(first).toContain('Write the first code of this project');
    expect(first).toContain('From an empty folder to the first visible result');
    expect(next).toContain('Write the next code of this project');
    expect(next).not.toContain('an empty folder');
  });

  it('have lines that a person can read', async () => {
    for (const name of await source.names()) {
      const { text = '' } = (await source.load(name)) ?? {};
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(125);
    }
  });
});

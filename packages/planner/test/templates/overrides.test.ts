import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createTemplateSource,
  describeTemplates,
  exportTemplate,
  type TemplateInfo,
} from '../../src/index.js';
import { collect, setUp } from '../setup.js';
import { temporaryFolder } from '../temporary.js';

async function stateOf(templatesDir: string, name: string): Promise<TemplateInfo['state'] | undefined> {
  const infos = await describeTemplates(createTemplateSource({ templatesDir }));
  return infos.find((info) => info.name === name)?.state;
}

describe('a template that a user changed', () => {
  it('stays when the toolkit is upgraded, and is known to be outdated when the original has changed', async () => {
    const dir = await temporaryFolder();
    const exported = await exportTemplate(createTemplateSource(), 'initial-plan');
    const file = join(dir, 'initial-plan.hbs');
    await writeFile(file, exported.replace('Write the initial plan', 'Write my plan'));
    expect(await stateOf(dir, 'initial-plan')).toBe('current');
    // As an export of an earlier version would have been: made from another text.
    await writeFile(file, exported.replace(/as of [0-9a-f]{16}/u, 'as of 0123456789abcdef'));
    expect(await stateOf(dir, 'initial-plan')).toBe('outdated');
    await writeFile(file, exported.replace(/^.*\n/u, ''));
    expect(await stateOf(dir, 'initial-plan')).toBe('unmarked');
    await writeFile(file, exported.replace('initial-plan as of', 'system as of'));
    expect(await stateOf(dir, 'initial-plan')).toBe('unmarked');
    await writeFile(file, exported.replaceAll('\n', '\r\n'));
    expect(await stateOf(dir, 'initial-plan')).toBe('current');
    await writeFile(join(dir, 'mine.hbs'), 'x');
    expect(await stateOf(dir, 'mine')).toBe('own');
    expect(await stateOf(dir, 'architecture-design')).toBe('built-in');
  });

  it('asks as the original does while nothing in it is changed, so that no document becomes stale', async () => {
    const { planner, project, again } = await setUp();
    await collect(planner.run(project.id));
    const dir = await temporaryFolder();
    for (const name of ['initial-plan', 'system']) {
      await writeFile(join(dir, `${name}.hbs`), await exportTemplate(createTemplateSource(), name));
    }
    const { stages } = await again({ templates: createTemplateSource({ templatesDir: dir }) }).status(
      project.id,
    );
    expect(stages.map(({ status }) => status)).toEqual(Array(6).fill('done'));
  });

  it('is exported as it is', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'system.hbs'), 'Mine');
    expect(await exportTemplate(createTemplateSource({ templatesDir: dir }), 'system')).toBe('Mine');
    await expect(exportTemplate(createTemplateSource(), 'nothing')).rejects.toMatchObject({
      code: 'PLAN_TEMPLATE_NOT_FOUND',
    });
  });
});

describe('debug', () => {
  it('shows what a stage would be asked, with which variables, from which files', async () => {
    const { planner, project, client, again } = await setUp();
    await collect(planner.run(project.id, { stages: [1] }));
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'architecture-design.hbs'), '{{inputs.initial-plan}} {{vars.tone}}');
    const own = again({ templates: createTemplateSource({ templatesDir: dir }) });
    await expect(own.debug(project.id, { stage: 2 })).rejects.toMatchObject({
      code: 'PLAN_TEMPLATE_VARIABLE',
    });
    const prompt = await own.debug(project.id, {
      template: 'architecture-design',
      variables: { tone: 'dry' },
    });
    expect(prompt).toMatchObject({
      stage: 2,
      name: 'Architecture Design',
      missing: [],
      prompt: expect.stringMatching(/^# Initial Plan: Tide Clock\n.* dry\n$/su),
      system: expect.stringContaining('senior engineer'),
      variables: { project: { name: 'Tide Clock' }, vars: { tone: 'dry' }, context: { code: '' } },
      templates: [
        { name: 'architecture-design', origin: join(dir, 'architecture-design.hbs') },
        { name: 'system', origin: 'built-in' },
      ],
    });
    expect(client.calls).toHaveLength(1);
  });

  it('does so before what it needs is there', async () => {
    const { planner, project } = await setUp();
    const { missing, prompt } = await planner.debug(project.id, { stage: 6 });
    expect(missing).toEqual([2, 3, 5]);
    expect(prompt).toContain('(Architecture Design has no document yet)');
  });

  it('refuses what belongs to no stage', async () => {
    const { planner, project } = await setUp();
    await expect(planner.debug(project.id, { template: 'system' })).rejects.toMatchObject({
      code: 'PLAN_STAGE_UNKNOWN',
    });
    await expect(planner.debug(project.id, {})).rejects.toBeInstanceOf(TypeError);
    expect((await planner.debug(project.id, { template: 'system', stage: 1 })).prompt).toContain(
      'senior engineer',
    );
  });
});

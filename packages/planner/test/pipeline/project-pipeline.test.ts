import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTemplateSource } from '../../src/index.js';
import { collect, outline, type Setup, setUp } from '../setup.js';
import { temporaryFolder } from '../temporary.js';

const toml = `
[[stages]]
id = 10
name = "Brief"
slug = "brief"

[[stages]]
id = 30
name = "Letter"
slug = "letter"
template = "own-letter"
needs = [10, 20]

[stages.parameters]
model = "writer"
maxTokens = 500
temperature = 0.5
variables = { tone = "warm" }

[[stages]]
id = 20
name = "Outline"
slug = "outline"
template = "outline"
needs = [10]
`;

const templates = {
  brief: 'Brief of {{project.name}}.',
  outline: 'Outline from {{inputs.brief}}',
  'own-letter': 'Letter, {{vars.tone}}: {{inputs.outline}} {{inputs.brief}} {{> partials/end}}',
  'partials/end': 'The end.',
};

async function setUpOwn(pipeline = toml, name = 'pipeline.toml'): Promise<Setup> {
  const setup = await setUp();
  await writeFile(join(setup.project.path, name), pipeline);
  await mkdir(join(setup.project.path, 'templates', 'partials'), { recursive: true });
  for (const [template, text] of Object.entries(templates)) {
    await writeFile(join(setup.project.path, 'templates', `${template}.hbs`), text);
  }
  return setup;
}

async function refusal(pipeline: string, name?: string): Promise<unknown> {
  const { planner, project } = await setUpOwn(pipeline, name);
  return planner.status(project.id).catch((error: unknown) => error);
}

function stages(...list: readonly object[]): string {
  return JSON.stringify({ stages: list });
}

const brief = { id: 1, name: 'Brief', slug: 'brief' };

describe("a project's own pipeline", () => {
  it('runs instead of the usual one, with its numbers, parameters and templates', async () => {
    const { planner, project, client } = await setUpOwn();
    expect((await planner.stagesOf(project.id)).map(({ id }) => id)).toEqual([10, 20, 30]);
    expect(planner.stages).toHaveLength(6);
    const { events, error } = await collect(planner.run(project.id));
    expect(error).toBeUndefined();
    expect(outline(events)).toEqual([
      'started 10',
      'done 10',
      'started 20',
      'done 20',
      'started 30',
      'done 30',
    ]);
    expect(client.calls[0]?.prompt).toBe('Brief of Tide Clock.\n');
    expect(client.calls[2]?.prompt).toMatch(/^Letter, warm: # Answer/u);
    expect(client.calls[2]?.prompt).toMatch(/The end\.\n$/u);
    expect(client.calls[2]?.options).toMatchObject({ model: 'writer', maxTokens: 500, temperature: 0.5 });
    expect(client.calls[1]?.options.model).toBeUndefined();
    const { stages: status } = await planner.status(project.id);
    expect(status).toMatchObject([
      { stage: 10, slug: 'brief', status: 'done', path: join(project.path, 'stages/10-brief.md') },
      { stage: 20, status: 'done' },
      { stage: 30, needs: [10, 20], status: 'done' },
    ]);
    expect((await planner.history(project.id, 30))[0]).toMatchObject({
      inputs: [
        { stage: 10, name: 'Brief', revision: 1 },
        { stage: 20, name: 'Outline', revision: 1 },
      ],
    });
  });

  it('may be JSON, and lets a run choose otherwise than its parameters', async () => {
    const list = stages({ ...brief, parameters: { model: 'a', variables: { x: '1' } } });
    const { planner, project, client } = await setUpOwn(list, 'pipeline.json');
    await collect(planner.runStage(project.id, 1, { model: 'b' }));
    expect(client.calls[0]?.options.model).toBe('b');
    expect((await planner.status(project.id)).stages).toMatchObject([{ stage: 1, status: 'done' }]);
    expect((await collect(planner.runStage(project.id, 2))).error).toMatchObject({
      code: 'PLAN_STAGE_UNKNOWN',
    });
  });

  it('belongs to this project alone', async () => {
    const { planner, store } = await setUpOwn();
    const other = await store.create({ name: 'Other' });
    expect((await planner.status(other.id)).stages).toHaveLength(6);
  });

  it('does not take the documents of another pipeline for its own', async () => {
    const { planner, project } = await setUp();
    await collect(planner.runStage(project.id, 1));
    await writeFile(join(project.path, 'pipeline.json'), stages({ ...brief, template: 'initial-plan' }));
    expect((await planner.status(project.id)).stages).toMatchObject([{ status: 'not-started', why: [] }]);
    await collect(planner.run(project.id));
    expect((await planner.status(project.id)).stages).toMatchObject([{ status: 'done', revision: 1 }]);
  });

  it('makes stale what a changed parameter would answer otherwise', async () => {
    const { planner, project } = await setUpOwn(stages(brief), 'pipeline.json');
    await collect(planner.run(project.id));
    const changed = stages({ ...brief, parameters: { model: 'big' } });
    await writeFile(join(project.path, 'pipeline.json'), changed);
    expect((await planner.status(project.id)).stages).toMatchObject([
      { status: 'stale', why: ['model is now big, it was default'] },
    ]);
  });

  it.each([
    [stages({ ...brief, needs: [2] }), 'Stage 1 needs stage 2, which does not exist'],
    [
      stages({ ...brief, needs: [2] }, { ...brief, id: 2, slug: 'b', needs: [1] }),
      'Stages 1, 2 need each other in a circle',
    ],
    [stages({ ...brief, needs: [1] }), 'Stages 1 need each other in a circle'],
    [stages(brief, { ...brief, id: 2 }), 'Two stages have the slug brief'],
    [stages(brief, { ...brief, slug: 'b' }), 'Two stages have the number 1'],
    [stages({ ...brief, slug: '../x' }), 'The slug of stage 1 must be lower-case words'],
    [stages({ ...brief, slug: 'CON' }), 'The slug of stage 1 must be lower-case words'],
    [stages({ ...brief, slug: '' }), 'slug'],
    [stages({ ...brief, id: 0 }), 'stages[0].id: '],
    [stages({ ...brief, id: '1' }), 'stages[0].id: '],
    [stages(brief, { id: 2, slug: 'b' }), 'stages[1].name: '],
    [stages({ ...brief, need: [2] }), 'Unrecognized key: "need"'],
    [stages({ ...brief, needs: ['1'] }), 'stages[0].needs[0]: '],
    [stages({ ...brief, parameters: { maxTokens: -1 } }), 'stages[0].parameters.maxTokens: '],
    [stages({ ...brief, parameters: { variables: { a: 1 } } }), 'stages[0].parameters.variables.a: '],
    [stages(), 'stages: '],
    ['[]', 'expected object'],
    ['{', 'JSON'],
  ])('is refused when it is %s', async (pipeline, problem) => {
    expect(await refusal(pipeline, 'pipeline.json')).toMatchObject({
      code: 'PLAN_PIPELINE_INVALID',
      message: expect.stringMatching(/^The pipeline .*pipeline\.json is not valid: /u),
    });
    expect(await refusal(pipeline, 'pipeline.json')).toMatchObject({
      message: expect.stringContaining(problem),
    });
  });

  it('is refused when it is no TOML, not a file, or there twice', async () => {
    expect(await refusal('stages = [')).toMatchObject({
      code: 'PLAN_PIPELINE_INVALID',
      message: expect.stringContaining('pipeline.toml'),
    });
    const { planner, project } = await setUpOwn();
    await writeFile(join(project.path, 'pipeline.json'), stages(brief));
    await expect(planner.status(project.id)).rejects.toMatchObject({ code: 'PLAN_PIPELINE_INVALID' });
    const { planner: second, project: piped } = await setUp();
    execFileSync('mkfifo', [join(piped.path, 'pipeline.toml')]);
    await expect(second.status(piped.id)).rejects.toMatchObject({
      message: expect.stringContaining('it is not a file'),
    });
    const { planner: third, project: linked, root } = await setUp();
    await writeFile(join(root, 'elsewhere.toml'), toml);
    await symlink(join(root, 'elsewhere.toml'), join(linked.path, 'pipeline.toml'));
    await expect(third.status(linked.id)).rejects.toMatchObject({
      message: expect.stringContaining('it is a symbolic link'),
    });
  });

  it('says which template it lacks', async () => {
    const { planner, project } = await setUpOwn(stages({ ...brief, template: 'nowhere' }), 'pipeline.json');
    expect((await collect(planner.run(project.id))).error).toMatchObject({
      code: 'PLAN_TEMPLATE_NOT_FOUND',
      hint: expect.stringContaining('own-letter'),
    });
    expect((await planner.plan(project.id)).steps).toMatchObject([
      { action: 'blocked', why: ['There is no template "nowhere".'] },
    ]);
  });
});

describe('templates', () => {
  it("are the project's own, else the user's, else the built-in ones", async () => {
    const templatesDir = await temporaryFolder();
    const { planner: _planner, project, client, again } = await setUp();
    const planner = again({ templates: createTemplateSource({ templatesDir }) });
    const ask = async (): Promise<string | undefined> => {
      await collect(planner.runStage(project.id, 1, { force: true }));
      return client.calls.at(-1)?.prompt;
    };
    expect(await ask()).toContain('Write the initial plan');
    await writeFile(join(templatesDir, 'initial-plan.hbs'), "The user's {{> partials/mine}}");
    await mkdir(join(templatesDir, 'partials'));
    await writeFile(join(templatesDir, 'partials', 'mine.hbs'), 'partial');
    expect(await ask()).toBe("The user's partial\n");
    await mkdir(join(project.path, 'templates', 'partials'), { recursive: true });
    await writeFile(join(project.path, 'templates', 'partials', 'mine.hbs'), "of the project's");
    expect(await ask()).toBe("The user's of the project's\n");
    await writeFile(join(project.path, 'templates', 'initial-plan.hbs'), 'The project {{> partials/mine}}');
    expect(await ask()).toBe("The project of the project's\n");
    const infos = await planner.templates(project.id);
    expect(infos.filter(({ state }) => state !== 'built-in')).toEqual([
      { name: 'initial-plan', origin: join(project.path, 'templates/initial-plan.hbs'), state: 'unmarked' },
      { name: 'partials/mine', origin: join(project.path, 'templates/partials/mine.hbs'), state: 'own' },
    ]);
  });

  it('of a project are no links, those of a user may be', async () => {
    const elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere, 'initial-plan.hbs'), 'from elsewhere');
    const { project, client, store, again } = await setUp();
    const templatesDir = await temporaryFolder();
    await symlink(join(elsewhere, 'initial-plan.hbs'), join(templatesDir, 'initial-plan.hbs'));
    const planner = again({ templates: createTemplateSource({ templatesDir }) });
    await collect(planner.runStage(project.id, 1));
    expect(client.calls[0]?.prompt).toBe('from elsewhere\n');
    await mkdir(join(project.path, 'templates'));
    await symlink(join(elsewhere, 'initial-plan.hbs'), join(project.path, 'templates', 'initial-plan.hbs'));
    const linkedFolder = await store.create({ name: 'Linked folder' });
    await symlink(elsewhere, join(linkedFolder.path, 'templates'));
    for (const { id } of [project, linkedFolder]) {
      const { error } = await collect(planner.runStage(id, 1, { force: true }));
      expect(error).toMatchObject({
        code: 'PLAN_TEMPLATE_INVALID',
        message: expect.stringContaining('symbolic link'),
      });
      await expect(planner.templates(id)).rejects.toMatchObject({ code: 'PLAN_TEMPLATE_INVALID' });
    }
    expect(client.calls).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { setUp } from '../setup.js';

describe('findRevisions', () => {
  it('understands a stage by number or name, and a bare number where it is clear', async () => {
    const { planner, project, store } = await setUp();
    const [plan, design] = [
      { number: 1, slug: 'initial-plan' },
      { number: 2, slug: 'architecture-design' },
    ];
    for (const text of ['a', 'b', 'c']) await store.writeStage(project.id, plan, text);
    await store.writeStage(project.id, design, 'd');
    const find = (names: string[], stage?: number) => planner.findRevisions(project.id, names, stage);
    expect(await find(['1@2', 'initial-plan@3'])).toEqual({ stage: 1, revisions: [2, 3] });
    expect(await find(['2-architecture-design@1', 'current'])).toEqual({
      stage: 2,
      revisions: [1, 'current'],
    });
    expect(await find(['2', 'current'])).toEqual({ stage: 1, revisions: [2, 'current'] });
    expect(await find(['1'], 2)).toEqual({ stage: 2, revisions: [1] });
    // Both must fit: only the first stage has a second revision.
    expect(await find(['1', '2'])).toEqual({ stage: 1, revisions: [1, 2] });
    await expect(find(['1'])).rejects.toThrow('1@1, 2@1');
    await expect(find(['current'])).rejects.toThrow(TypeError);
    await expect(find(['1@1', '2@1'])).rejects.toThrow('one stage');
    await expect(find(['1@1'], 2)).rejects.toThrow('one stage');
    for (const name of ['', 'x', '1@', '@1', '0', '1@0', '1@2@3', '1.5']) {
      await expect(find([name]), name).rejects.toThrow(TypeError);
    }
    await expect(find(['9'])).rejects.toMatchObject({ code: 'STORE_REVISION_NOT_FOUND' });
    await expect(find(['9@1'])).rejects.toMatchObject({ code: 'PLAN_STAGE_UNKNOWN' });
    await expect(find(['none@1'])).rejects.toMatchObject({ code: 'PLAN_STAGE_UNKNOWN' });
  });
});

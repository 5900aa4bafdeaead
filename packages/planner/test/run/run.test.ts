import { describe, expect, it } from 'vitest';
import { untilAborted } from '../fake-client.js';
import { collect, outline, setUp } from '../setup.js';

function stageOf(call: { options: { labels?: Readonly<Record<string, string>> } }): number {
  return Number(call.options.labels?.stage);
}

describe('run', () => {
  it('makes six documents in dependency order, two at a time where the graph allows it', async () => {
    const { planner, project, client } = await setUp();
    let running = 0;
    let most = 0;
    const met = Promise.withResolvers<void>();
    client.between = async (call) => {
      running += 1;
      most = Math.max(most, running);
      // Stages 3 and 5 both wait for 2 only: each is held until the other has begun.
      if (running === 2) met.resolve();
      if (stageOf(call) === 3 || stageOf(call) === 5) await met.promise;
      running -= 1;
    };
    const { events, error } = await collect(planner.run(project.id));
    expect(error).toBeUndefined();
    expect(most).toBe(2);
    const seen = outline(events);
    for (const { id, needs } of planner.stages) {
      for (const need of needs)
        expect(seen.indexOf(`done ${need}`)).toBeLessThan(seen.indexOf(`started ${id}`));
    }
    expect(seen).toHaveLength(12);
    const { stages } = await planner.status(project.id);
    expect(stages.map(({ status }) => status)).toEqual(Array(6).fill('done'));
    expect(client.providerCalls).toBe(6);
  });

  it('keeps to one at a time when told', async () => {
    const { planner, project, client } = await setUp();
    let running = 0;
    client.between = async () => {
      running += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      running -= 1;
    };
    const { events } = await collect(planner.run(project.id, { concurrency: 1 }));
    expect(outline(events)).toEqual([1, 2, 3, 4, 5, 6].flatMap((id) => [`started ${id}`, `done ${id}`]));
    expect((await collect(planner.run(project.id, { concurrency: 0 }))).error).toBeInstanceOf(RangeError);
  });

  it('makes no call the second time, nor for a second project with the same text', async () => {
    const { planner, project, client, store } = await setUp();
    await collect(planner.run(project.id));
    expect(outline((await collect(planner.run(project.id))).events).sort()).toEqual(
      [1, 2, 3, 4, 5, 6].map((id) => `skipped ${id}`),
    );
    expect(client.calls).toHaveLength(6);
    const twin = await store.create({ name: project.name, description: project.description });
    const { events } = await collect(planner.run(twin.id));
    expect(events.filter(({ type }) => type === 'done')).toHaveLength(6);
    for (const event of events) if (event.type === 'done') expect(event.cache).toBe('hit');
    expect(client.providerCalls).toBe(6);
    for (const { id, slug } of planner.stages) {
      const stage = { number: id, slug };
      const [one, other] = [
        await store.readRevision(project.id, stage, 1),
        await store.readRevision(twin.id, stage, 1),
      ];
      expect(other.text).toBe(one.text);
      expect(other.identity).toBe(one.identity);
    }
  });

  it('goes on where it was stopped, with no call repeated', async () => {
    const { planner, project, client } = await setUp();
    const controller = new AbortController();
    const reason = new Error('stop');
    client.between = (call) => {
      if (stageOf(call) !== 3) return undefined;
      const ended = untilAborted(call.options.signal);
      controller.abort(reason);
      return ended;
    };
    const { events, error } = await collect(
      planner.run(project.id, { concurrency: 1, signal: controller.signal }),
    );
    expect(error).toBe(reason);
    expect(outline(events)).toEqual(['started 1', 'done 1', 'started 2', 'done 2', 'started 3']);
    client.between = () => undefined;
    await collect(planner.run(project.id));
    const perStage = [1, 2, 3, 4, 5, 6].map(
      (id) => client.calls.filter((call) => stageOf(call) === id).length,
    );
    expect(perStage).toEqual([1, 1, 2, 1, 1, 1]);
  });

  it('lets a failure stop only what depends on it, and throws it in the end', async () => {
    const { planner, project, client } = await setUp();
    const failure = new Error('no luck');
    client.between = (call) => {
      if (stageOf(call) === 3) throw failure;
    };
    const { events, error } = await collect(planner.run(project.id));
    expect(error).toBe(failure);
    expect(outline(events)).toEqual(expect.arrayContaining(['failed 3', 'skipped 4', 'done 5', 'skipped 6']));
    expect(events).toContainEqual({
      type: 'skipped',
      stage: 4,
      name: 'Progress Assessment',
      reason: 'dependency-failed',
      why: 'stage 3, which it needs, did not succeed',
    });
  });

  it('notices a missing need before it asks anybody', async () => {
    const { planner, project, client } = await setUp();
    const { events, error } = await collect(planner.run(project.id, { stages: [1, 4] }));
    expect(error).toMatchObject({ code: 'PLAN_DEPENDENCY_UNMET', stages: [2, 3] });
    expect(outline(events)).toEqual(['failed 4']);
    expect(client.calls).toHaveLength(0);
    expect((await collect(planner.run(project.id, { stages: [9] }))).error).toMatchObject({
      code: 'PLAN_STAGE_UNKNOWN',
    });
  });

  it('runs the stages that are named, in whatever order', async () => {
    const { planner, project } = await setUp();
    const { events } = await collect(planner.run(project.id, { stages: [2, 1, 2] }));
    expect(outline(events)).toEqual(['started 1', 'done 1', 'started 2', 'done 2']);
  });

  it('runs only what is stale when told', async () => {
    const { planner, project, store } = await setUp();
    await collect(planner.run(project.id, { stages: [1, 2] }));
    expect(outline((await collect(planner.run(project.id, { stale: true }))).events)).toEqual([
      'skipped 1',
      'skipped 2',
    ]);
    await store.writeIdea(project.id, 'Another idea');
    expect(outline((await collect(planner.run(project.id, { stale: true }))).events)).toEqual([
      'started 1',
      'done 1',
      'started 2',
      'done 2',
    ]);
  });

  it('ends all of them when the caller leaves the loop', async () => {
    const { planner, project, client, store } = await setUp();
    await collect(planner.run(project.id, { stages: [1, 2] }));
    let begun = 0;
    client.between = ({ options }) => {
      begun += 1;
      return untilAborted(options.signal);
    };
    for await (const event of planner.run(project.id)) {
      if (event.type === 'text' && begun === 2) break;
    }
    for (const { id, slug } of planner.stages) {
      expect(await store.stageHolder(project.id, { number: id, slug })).toBeUndefined();
    }
    const { stages } = await planner.status(project.id);
    expect(stages.map(({ status }) => status)).toEqual([
      'done',
      'done',
      'partial',
      'not-started',
      'partial',
      'not-started',
    ]);
  });
});

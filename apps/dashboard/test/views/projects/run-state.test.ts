import { describe, expect, it } from 'vitest';
import { beginRun, endRun, followRun, type ProjectRun } from '../../../src/views/projects/runs/run-state.js';

const about = (stage: number) => ({ stage, name: `Stage ${stage}` });

function follow(...events: readonly (readonly [string, object])[]): ProjectRun {
  return events.reduce(
    (run, [event, data]) => followRun(run, { event, data: JSON.stringify(data) }),
    beginRun(null),
  );
}

describe('a run', () => {
  it('collects the text of each stage, and what it took', () => {
    const run = follow(
      ['started', { ...about(1), why: 'it has no document yet' }],
      ['started', { ...about(2), why: 'it has no document yet' }],
      ['text', { ...about(1), text: 'a' }],
      ['text', { ...about(2), text: 'x' }],
      ['text', { ...about(1), text: 'b' }],
      ['usage', { ...about(1), usage: { inputTokens: 3, outputTokens: 2 }, cache: 'miss', costUsd: 0.5 }],
      ['done', { ...about(1), cache: 'miss', revision: 1 }],
      ['surprise', about(1)],
    );
    expect(run).toMatchObject({ state: 'running', problem: null });
    expect(run.stages).toMatchObject([
      { stage: 1, state: 'done', text: 'ab', cache: 'miss', tokens: { input: 3, output: 2 }, costUsd: 0.5 },
      { stage: 2, state: 'running', text: 'x' },
    ]);
  });

  it('tells a failure where it happened, and ends as the server says', () => {
    const run = follow(
      ['started', { ...about(1), why: '' }],
      ['failed', { ...about(1), error: { message: 'No. Try later.' } }],
      ['skipped', { ...about(2), why: 'a stage that it needs failed' }],
      ['failed', { ...about(3), error: { message: 'Never began.' } }],
      ['end', { ok: false }],
    );
    expect(run.state).toBe('failed');
    expect(run.stages.map(({ state, why }) => [state, why])).toEqual([
      ['failed', 'No. Try later.'],
      ['skipped', 'a stage that it needs failed'],
      ['failed', 'Never began.'],
    ]);
    expect(endRun(run, { stopped: true, problem: null })).toBe(run);
  });

  it('keeps what was said when it is stopped or breaks off', () => {
    const run = follow(['started', { ...about(1), why: '' }], ['text', { ...about(1), text: 'half' }]);
    expect(endRun(run, { stopped: true, problem: 'aborted' })).toMatchObject({
      state: 'stopped',
      problem: null,
      stages: [{ state: 'stopped', text: 'half' }],
    });
    const broken = endRun(run, { stopped: false, problem: null });
    expect(broken).toMatchObject({ state: 'failed', stages: [{ state: 'failed', text: 'half' }] });
    expect(broken.problem).toMatch(/ended early/);
  });
});

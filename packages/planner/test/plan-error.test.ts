import { describe, expect, it } from 'vitest';
import { PlanError } from '../src/index.js';

describe('PlanError', () => {
  it('is known by its brand, also across copies of the package', () => {
    const error = new PlanError('PLAN_STAGE_BUSY', 'busy', {
      hint: 'wait',
      retryable: true,
      retryAfterMs: 3,
    });
    expect(error).toMatchObject({ name: 'PlanError', hint: 'wait', retryable: true, retryAfterMs: 3 });
    expect(PlanError.isInstance(error)).toBe(true);
    const brand = Symbol.for('@ai-toolkit/planner/PlanError');
    expect(PlanError.isInstance(Object.assign(new Error('x'), { [brand]: true }))).toBe(true);
    expect(PlanError.isInstance(new Error('x'))).toBe(false);
  });
});

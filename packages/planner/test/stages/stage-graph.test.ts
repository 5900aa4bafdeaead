import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StageDefinition, sixStages } from '../../src/index.js';
import { createStageGraph } from '../../src/stages/stage-graph.js';

function stage(id: number, needs: readonly number[]): StageDefinition {
  return { id, name: `Stage ${id}`, slug: `stage-${id}`, template: 'x', needs };
}

describe('createStageGraph', () => {
  it('orders the six stages', () => {
    expect(createStageGraph(sixStages).inOrder.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('puts every stage after what it needs, whatever the graph', () => {
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((size) =>
        fc.tuple(
          fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
          fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 30 }),
        ),
      )
      .map(([ranks, pairs]) =>
        ranks.map((rank, index) => {
          const lower = pairs.filter(([from, to]) => from === index && (ranks[to] ?? 0) < rank);
          return stage(index + 1, [...new Set(lower.map(([, to]) => to + 1))]);
        }),
      );
    fc.assert(
      fc.property(graphs, (definitions) => {
        const order = createStageGraph(definitions).inOrder;
        expect(order).toHaveLength(definitions.length);
        order.forEach(({ needs }, index) => {
          const before = order.slice(0, index).map(({ id }) => id);
          expect(before).toEqual(expect.arrayContaining([...needs]));
        });
      }),
    );
  });

  it('refuses every circle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), (size) => {
        const circle = Array.from({ length: size }, (_, n) => stage(n + 1, [((n + 1) % size) + 1]));
        expect(() => createStageGraph([...circle, stage(size + 1, [])])).toThrow(/in a circle/);
      }),
    );
  });

  it.each([
    [[], /no stages/],
    [[stage(1, [7])], /needs stage 7, which does not exist/],
    [[stage(1, []), stage(1, [])], /Two stages have the number 1/],
    [[stage(1, []), { ...stage(2, []), slug: 'stage-1' }], /Two stages have the slug stage-1/],
    [[stage(0, [])], /positive whole number/],
    [[{ ...stage(1, []), slug: '../x' }], /lower-case words/],
    [[{ ...stage(1, []), name: ' ' }], /no name/],
    [[stage(1, []), stage(2, [1, 1])], /needs a stage twice/],
  ])('refuses %#', (definitions, message) => {
    expect(() => createStageGraph(definitions)).toThrow(message);
    expect(() => createStageGraph(definitions)).toThrow(
      expect.objectContaining({ code: 'PLAN_GRAPH_INVALID' }),
    );
  });

  it('names the stages to someone who asks for another', () => {
    expect(() => createStageGraph(sixStages).stage(9)).toThrow(
      expect.objectContaining({
        code: 'PLAN_STAGE_UNKNOWN',
        hint: expect.stringContaining('6 Code Generation'),
      }),
    );
  });
});

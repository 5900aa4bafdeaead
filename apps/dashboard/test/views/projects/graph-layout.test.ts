import { describe, expect, it } from 'vitest';
import { layOutGraph, nodeHeightPx, nodeWidthPx } from '../../../src/views/projects/project/graph-layout.js';

const six = [
  { id: 1, needs: [] },
  { id: 2, needs: [1] },
  { id: 3, needs: [1, 2] },
  { id: 4, needs: [3] },
  { id: 5, needs: [2] },
  { id: 6, needs: [2, 3, 5] },
];

describe('the layout of a graph', () => {
  it('puts each node to the right of all that it needs, and none over another', () => {
    const { nodes } = layOutGraph(six);
    const at = new Map(nodes.map((node) => [node.id, node]));
    for (const { id, needs } of six)
      for (const need of needs)
        expect(at.get(id)?.leftPx, `${need} to ${id}`).toBeGreaterThanOrEqual(
          (at.get(need)?.leftPx ?? 0) + nodeWidthPx,
        );
    for (const a of nodes)
      for (const b of nodes)
        if (a.id < b.id && a.leftPx === b.leftPx)
          expect(Math.abs(a.topPx - b.topPx)).toBeGreaterThanOrEqual(nodeHeightPx);
  });

  it('leads edges past the nodes between their ends', () => {
    const { nodes, edges } = layOutGraph(six);
    expect(edges).toHaveLength(8);
    for (const { from, to, points } of edges)
      for (const { x, y } of points.slice(1, -1))
        for (const { id, leftPx, topPx } of nodes) {
          const isInside =
            x >= leftPx && x <= leftPx + nodeWidthPx && y >= topPx && y <= topPx + nodeHeightPx;
          expect(isInside, `${from} to ${to} over ${id}`).toBe(false);
        }
  });

  it('stays within its size, and ends with a circle or nothing', () => {
    const { nodes, widthPx, heightPx } = layOutGraph(six);
    for (const { leftPx, topPx } of nodes) {
      expect(leftPx).toBeGreaterThanOrEqual(0);
      expect(topPx).toBeGreaterThanOrEqual(0);
      expect(leftPx + nodeWidthPx).toBeLessThanOrEqual(widthPx);
      expect(topPx + nodeHeightPx).toBeLessThanOrEqual(heightPx);
    }
    expect(layOutGraph([]).nodes).toEqual([]);
    expect(
      layOutGraph([
        { id: 1, needs: [2] },
        { id: 2, needs: [1] },
      ]).nodes,
    ).toHaveLength(2);
  });
});

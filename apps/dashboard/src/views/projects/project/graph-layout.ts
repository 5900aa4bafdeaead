/** A node of an acyclic graph, drawn to the right of those it needs. */
export interface GraphNode {
  readonly id: number;
  readonly needs: readonly number[];
}

interface PlacedNode {
  readonly id: number;
  readonly leftPx: number;
  readonly topPx: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface PlacedEdge {
  readonly from: number;
  readonly to: number;
  /** From the right side of one node to the left side of the other, past the nodes between. */
  readonly points: readonly Point[];
}

export interface GraphLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const nodeWidthPx = 196;
export const nodeHeightPx = 92;
const columnGapPx = 60;
const rowGapPx = 20;
/** Height of the lane of an edge that passes a column. */
const lanePx = 10;

/** A node, or the lane of an edge that passes a column. */
interface Cell {
  readonly key: string;
  readonly before: readonly string[];
  readonly heightPx: number;
  readonly id?: number;
}

/** Layers the nodes by the longest path from a node without needs, with lanes for the edges that pass a layer (after Sugiyama). */
export function layOutGraph(nodes: readonly GraphNode[]): GraphLayout {
  const depths = depthsOf(nodes);
  const columns: Cell[][] = Array.from({ length: Math.max(0, ...depths.values()) + 1 }, () => []);
  for (const { id, needs } of nodes) {
    const depth = depths.get(id) ?? 0;
    const before = needs.map((need) => {
      const start = depths.get(need) ?? 0;
      for (let column = start + 1; column < depth; column += 1) {
        const from = column === start + 1 ? `${need}` : laneKey(need, id, column - 1);
        columns[column]?.push({ key: laneKey(need, id, column), before: [from], heightPx: lanePx });
      }
      return depth - start > 1 ? laneKey(need, id, depth - 1) : `${need}`;
    });
    columns[depth]?.push({ key: `${id}`, before, heightPx: nodeHeightPx, id });
  }
  const places = placeCells(columns);
  const heightPx = Math.max(0, ...columns.map(heightOf));
  return {
    widthPx: columns.length * (nodeWidthPx + columnGapPx) - columnGapPx,
    heightPx,
    nodes: nodes.map(({ id }) => {
      const { x = 0, y = 0 } = places.get(`${id}`) ?? {};
      return { id, leftPx: x, topPx: y - nodeHeightPx / 2 };
    }),
    edges: nodes.flatMap(({ id, needs }) =>
      needs.map((need) => ({ from: need, to: id, points: pointsOf(need, id, depths, places) })),
    ),
  };
}

function laneKey(from: number, to: number, column: number): string {
  return `${from}-${to}@${column}`;
}

function depthsOf(nodes: readonly GraphNode[]): ReadonlyMap<number, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depths = new Map<number, number>();
  const depthOf = (id: number): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // Ends the recursion on a cycle, which no server sends.
    depths.set(id, 0);
    const depth = Math.max(0, ...(byId.get(id)?.needs ?? []).map((need) => depthOf(need) + 1));
    depths.set(id, depth);
    return depth;
  };
  for (const { id } of nodes) depthOf(id);
  return depths;
}

/** The left middle of each cell. Within a column, cells are ordered by the mean position of their predecessors. */
function placeCells(columns: Cell[][]): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  const tallest = Math.max(0, ...columns.map(heightOf));
  for (const [index, column] of columns.entries()) {
    const meanOf = ({ before }: Cell): number =>
      before.reduce((sum, key) => sum + (places.get(key)?.y ?? 0), 0) / Math.max(1, before.length);
    column.sort((a, b) => meanOf(a) - meanOf(b));
    let top = (tallest - heightOf(column)) / 2;
    for (const { key, heightPx } of column) {
      places.set(key, { x: index * (nodeWidthPx + columnGapPx), y: top + heightPx / 2 });
      top += heightPx + rowGapPx;
    }
  }
  return places;
}

function heightOf(column: readonly Cell[]): number {
  return column.reduce((sum, { heightPx }) => sum + heightPx, 0) + Math.max(0, column.length - 1) * rowGapPx;
}

function pointsOf(
  from: number,
  to: number,
  depths: ReadonlyMap<number, number>,
  places: ReadonlyMap<string, Point>,
): readonly Point[] {
  const start = places.get(`${from}`) ?? { x: 0, y: 0 };
  const end = places.get(`${to}`) ?? { x: 0, y: 0 };
  const points: Point[] = [{ x: start.x + nodeWidthPx, y: start.y }];
  for (let column = (depths.get(from) ?? 0) + 1; column < (depths.get(to) ?? 0); column += 1) {
    const lane = places.get(laneKey(from, to, column));
    if (lane !== undefined) points.push(lane, { x: lane.x + nodeWidthPx, y: lane.y });
  }
  return [...points, end];
}

/** A line through the points: curves between columns, straight past a column. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${first.x} ${first.y}`;
  let last = first;
  for (const point of rest) {
    const middle = (last.x + point.x) / 2;
    path += `C${middle} ${last.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    last = point;
  }
  return path;
}

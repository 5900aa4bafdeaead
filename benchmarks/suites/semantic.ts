import { readFile } from 'node:fs/promises';
import { createPipeline, type ExchangeHead, openaiProvider, type Pipeline } from '@ai-toolkit/ai-client';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { exactSearch, Index, MetricKind, ScalarKind } from 'usearch';
import { ngramEmbedding } from '../support/ngram-embedding.ts';
import type { Suite, Table } from '../support/suite.ts';

const labelled = new URL('../../packages/ai-client/test/semantic/labelled-pairs.tsv', import.meta.url);
const thresholds = [0.6, 0.7, 0.8, 0.85, 0.9, 0.95];
const dimensions = 1536;
const sizes = [100, 1_000, 10_000];
/** Neighbours per search. */
const nearest = 4;

interface Measured {
  readonly label: string;
  readonly kind: string;
  /** Cosine of the two vectors. */
  readonly cosine: number;
  /** Similarity of the semantic hit; undefined if there was none at any threshold. */
  readonly similarity: number | undefined;
}

export const suite: Suite = {
  title: 'Semantic cache',
  method:
    'The labelled set of the repository (packages/ai-client/test/semantic/labelled-pairs.tsv): the questions of each pair are asked one after the other through a pipeline in front of the simulator, in a namespace of their own, to see whether the second gets the answer to the first. "Vectors alone" is the result of the cosine without the guard. The vectors are a stand-in: hashed character n-grams, since no embedding model is available where this runs. So the recall of the vectors says nothing about a real model, and the columns with the guard show what the guard lets through, which no model can raise. The set was written by the author of the guard; the pairs of the kind "attack" were written to defeat its rules, and the rules were improved once after seeing them. Recall: share of the pairs labelled "same" that hit. False hits: share of those labelled "different".',
  async run() {
    const measured = await measure();
    return [byThreshold(measured), byKind(measured), ...searchTimes()];
  },
};

async function measure(): Promise<Measured[]> {
  const lines = (await readFile(labelled, 'utf8')).trimEnd().split('\n').slice(1);
  await using simulator = await createSimulator({ rememberRequests: 0 });
  await using pipeline = createPipeline({
    providers: [openaiProvider(simulator.openaiBaseUrl)],
    semantic: {
      embed: async (texts) => texts.map(ngramEmbedding),
      threshold: Number.MIN_VALUE,
      timeoutMs: 10_000,
    },
  });
  const measured: Measured[] = [];
  for (const [position, line] of lines.entries()) {
    const [label = '', kind = '', first = '', second = ''] = line.split('\t');
    const namespace = `pair-${position}`;
    await ask(pipeline, first, namespace);
    const { similar } = await ask(pipeline, second, namespace);
    measured.push({
      label,
      kind,
      cosine: dot(ngramEmbedding(first), ngramEmbedding(second), 0),
      similarity: similar?.similarity,
    });
  }
  return measured;
}

function ask(pipeline: Pipeline, content: string, namespace: string): Promise<ExchangeHead> {
  const body = { model: 'gpt-5-mini', messages: [{ role: 'user', content }] };
  return new Promise((resolve, reject) => {
    let head: ExchangeHead;
    pipeline.exchange(
      { surface: 'chat', body: Buffer.from(JSON.stringify(body)), cache: { namespace } },
      {
        onHead: (received) => {
          head = received;
        },
        onData: () => true,
        onEnd: () => resolve(head),
        onError: reject,
      },
    );
  });
}

function byThreshold(measured: readonly Measured[]): Table {
  const same = measured.filter(({ label }) => label === 'same');
  const attacks = measured.filter(({ kind }) => kind === 'attack');
  const different = measured.filter(({ label, kind }) => label === 'different' && kind !== 'attack');
  const atAny = ({ similarity }: Measured): boolean => similarity !== undefined;
  const any = ['any', '', '', '', ...[same, different, attacks].map((pairs) => share(pairs, atAny))];
  const rows = thresholds.map((threshold) => {
    const alone = ({ cosine }: Measured): boolean => cosine >= threshold;
    const guarded = ({ similarity }: Measured): boolean => (similarity ?? 0) >= threshold;
    return [
      String(threshold),
      ...[same, different, attacks].map((pairs) => share(pairs, alone)),
      ...[same, different, attacks].map((pairs) => share(pairs, guarded)),
    ];
  });
  const columns = [
    'threshold',
    `recall, vectors alone (${same.length} pairs)`,
    `false hits (${different.length})`,
    `attacks (${attacks.length})`,
    'recall, with the guard',
    'false hits',
    'attacks',
  ];
  return { title: 'By threshold', columns, rows: [any, ...rows] };
}

function byKind(measured: readonly Measured[]): Table {
  const different = measured.filter(({ label }) => label === 'different');
  const rows = [...new Set(different.map(({ kind }) => kind))].map((kind) => {
    const pairs = different.filter((pair) => pair.kind === kind);
    return [
      kind,
      String(pairs.length),
      share(pairs, ({ cosine }) => cosine >= 0.8),
      share(pairs, ({ similarity }) => (similarity ?? 0) >= 0.8),
      share(pairs, ({ similarity }) => similarity !== undefined),
    ];
  });
  const columns = [
    'differ in',
    'pairs',
    'false hits at 0.8, vectors alone',
    'with the guard',
    'with the guard, at any threshold',
  ];
  return { title: 'False hits by kind', columns, rows };
}

function share(pairs: readonly Measured[], hits: (pair: Measured) => boolean): string {
  const count = pairs.filter(hits).length;
  return `${count} (${((100 * count) / pairs.length).toFixed(1)} %)`;
}

/** A search among the vectors of one bucket: usearch's exact search, which the cache uses, its HNSW graph, and a scan in JavaScript. */
function searchTimes(): Table[] {
  const rows = sizes.map((size) => {
    const data = randomVectors(size);
    const query = randomVectors(1);
    const graph = new Index({
      dimensions,
      metric: MetricKind.Cos,
      quantization: ScalarKind.F32,
      connectivity: 0,
      expansion_add: 0,
      expansion_search: 0,
      multi: false,
    });
    const began = performance.now();
    for (let row = 0; row < size; row++)
      graph.add(BigInt(row), data.subarray(row * dimensions, (row + 1) * dimensions), 1);
    const added = (performance.now() - began) / size;
    return [
      size.toLocaleString('en'),
      milliseconds(() => exactSearch(data, query, dimensions, nearest, MetricKind.IP, 1)),
      milliseconds(() => scan(data, query)),
      milliseconds(() => graph.search(query, nearest, 1)),
      foundByGraph(graph, data),
      added.toFixed(3),
    ];
  });
  const columns = [
    'vectors',
    'usearch, exact, ms',
    'scan in JavaScript, ms',
    'usearch, HNSW, ms',
    `of the ${nearest} nearest, found by HNSW`,
    'adding one to HNSW, ms',
  ];
  return [{ title: `One search among vectors of ${dimensions} dimensions`, columns, rows }];
}

/** Share of the true nearest neighbours found by HNSW, over 20 searches. */
function foundByGraph(graph: Index, data: Float32Array): string {
  const searches = 20;
  let found = 0;
  for (let search = 0; search < searches; search++) {
    const query = randomVectors(1);
    const { keys } = exactSearch(data, query, dimensions, nearest, MetricKind.IP, 1);
    const known = new Set(graph.search(query, nearest, 1).keys);
    found += [...keys].filter((key) => known.has(key)).length;
  }
  return `${((100 * found) / (searches * nearest)).toFixed(0)} %`;
}

function milliseconds(work: () => unknown): string {
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 20; repeat++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best.toFixed(3);
}

function scan(data: Float32Array, query: Float32Array): number {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row * dimensions < data.length; row++) {
    const similarity = dot(query, data, row * dimensions);
    if (similarity > highest) {
      highest = similarity;
      best = row;
    }
  }
  return best;
}

function dot(a: Float32Array, b: Float32Array, from: number): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[from + at] ?? 0);
  return sum;
}

function randomVectors(count: number): Float32Array {
  const values = Float32Array.from({ length: count * dimensions }, () => Math.random() - 0.5);
  for (let row = 0; row < count; row++) {
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions);
    const norm = Math.sqrt(dot(vector, vector, 0));
    for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) / norm;
  }
  return values;
}

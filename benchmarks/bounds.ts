import type { Bound } from './support/judge-bound.ts';

const ours = 'AI Toolkit, defaults and keys';

function serverBound(table: string, most: number): Bound {
  return { suite: 'server', table, row: ours, column: 'ratio', most };
}

function cacheBound(table: string, row: string): Bound {
  return { suite: 'core-cache', table, row, column: 'ratio', most: 2 };
}

function overCache(table: string, row: string): Bound {
  const than = { row: 'core-cache, getOrSet', as: 'times' } as const;
  return { suite: 'core-cache', table, row, column: 'ns', than, least: 5 };
}

/** The bounds the project has set for its figures. `RESULTS.md` states whether each one holds. */
export const bounds: readonly Bound[] = [
  { suite: 'cli', row: '`ai-toolkit --version`', column: 'beside bare Node', most: 15 },
  { suite: 'cli', row: '`ai-toolkit --help`', column: 'beside bare Node', most: 15 },
  { suite: 'cli', row: '`ai-toolkit list`, 100 projects', column: 'beside bare Node', most: 60 },
  { suite: 'cli', row: '`ai-toolkit generate`, a cached prompt', column: 'prints', most: 80 },
  { suite: 'cli', table: 'From Ctrl-C to the end of the process', column: 'slowest, ms', most: 200 },
  cacheBound('A hit in memory, in turn', 'core-cache, get'),
  cacheBound('A hit in memory, at random', 'core-cache, get'),
  cacheBound('A hit of getOrSet in memory, in turn', 'core-cache, getOrSet'),
  cacheBound('A hit of getOrSet in memory, at random', 'core-cache, getOrSet'),
  overCache('A hit of getOrSet in memory, in turn', 'bentocache, getOrSet'),
  overCache('A hit of getOrSet in memory, in turn', 'cacheable, getOrSet'),
  overCache('A hit of getOrSet in memory, at random', 'bentocache, getOrSet'),
  overCache('A hit of getOrSet in memory, at random', 'cacheable, getOrSet'),
  {
    suite: 'core-cache',
    table: 'A hit on disk, after a restart',
    row: 'core-cache on lmdb, get',
    column: 'ratio',
    most: 3,
  },
  { suite: 'core-cache', row: 'the first hit', column: 'ms', most: 100 },
  { suite: 'core-cache-bounds', column: 'files, most', most: 1.1 },
  { suite: 'core-cache-bounds', column: 'failed calls', most: 0 },
  {
    suite: 'ledger',
    table: 'Accounting, CPU per call',
    row: 'a call that asked a provider: on its path',
    column: 'ns',
    most: 3000,
  },
  { suite: 'ledger', column: 'passed ms, first', most: 300 },
  {
    suite: 'pipeline',
    row: 'exchange, miss',
    table: 'Not streamed, 16 calls at once',
    column: 'ratio',
    most: 1.3,
  },
  {
    suite: 'pipeline',
    row: 'exchange, miss',
    table: 'Streamed, 16 calls at once',
    column: 'ratio',
    most: 1.3,
  },
  {
    suite: 'pipeline',
    row: 'OpenAI SDK, pipeline.fetch',
    table: 'Faces, memory hit',
    column: 'ratio',
    most: 1.15,
  },
  {
    suite: 'pipeline',
    row: 'generate',
    table: 'Faces, memory hit',
    column: 'CPU µs per operation',
    most: 25,
  },
  { suite: 'planner', row: 'run again', column: 'repeated', most: 0 },
  { suite: 'planner', row: 'a second project that says the same', column: 'asked', most: 0 },
  {
    suite: 'projects',
    table: '10000 projects, first list of a process without an index',
    row: '`getAll`',
    column: 'wall ratio',
    most: 1.3,
  },
  {
    suite: 'projects',
    table: '10000 projects, first list of a process without an index',
    row: 'again from then on',
    column: 'wall ms',
    most: 5,
  },
  {
    suite: 'projects',
    table: '10000 projects, a new process from start to end, with an index',
    row: '`getAll`',
    column: 'wall ratio',
    most: 1,
  },
  {
    suite: 'projects',
    table: '100 projects, a new process from start to end',
    row: 'the command: `ai-toolkit list`',
    column: 'wall ms',
    than: { row: 'bare Node', as: 'plus' },
    most: 60,
  },
  { suite: 'rate-limit', table: 'Unknown limits', column: 'used', least: 97 },
  { suite: 'rate-limit', table: 'Unknown limits', column: '429s per answer', most: 0.02 },
  { suite: 'rate-limit', table: 'Unknown limits', column: 'failed calls', most: 0 },
  { suite: 'rate-limit', table: 'acquire and settle, uncontended', column: 'µs, best of 5', most: 3 },
  {
    suite: 'rate-limit-shared',
    table: 'One limit',
    but: 'nothing shared, limit learned',
    column: 'used',
    least: 95,
  },
  { suite: 'rate-limit-shared', table: 'One limit', column: 'failed or stuck', most: 0 },
  serverBound('Miss', 1.8),
  serverBound('Streamed miss', 1.8),
  serverBound('Hit', 1.5),
  serverBound('Streamed hit', 1.5),
  { suite: 'live-streams', row: 'AI Toolkit, defaults', column: 'ratio', most: 1.4 },
  { suite: 'live-streams', column: 'broken streams', most: 0 },
  {
    suite: 'server',
    table: 'Misses at half the rate that saturates, in an open loop',
    row: ours,
    column: 'own p99 ms',
    most: 1,
  },
  {
    suite: 'server',
    table: 'Miss',
    row: 'Portkey’s gateway',
    column: 'CPU µs per request',
    than: { row: ours, as: 'times' },
    least: 8,
  },
  { suite: 'soak', table: 'Memory', row: 'resident', column: 'growth, %', most: 5 },
  // Each of the 32 callers may or may not have a connection open at either reading. A leak would be thousands.
  { suite: 'soak', table: 'Open and alive', column: 'more', most: 32 },
  { suite: 'soak', table: 'Left at the end', column: 'how many', most: 0 },
  { suite: 'soak', column: 'difference', most: 0 },
  {
    suite: 'streams',
    table: 'To the first bytes',
    row: 'exchange, miss',
    column: 'p99 ms',
    than: { row: 'direct, undici dispatcher', as: 'plus' },
    most: 1,
  },
  {
    suite: 'streams',
    table: 'Between the bytes that follow',
    row: 'exchange, miss',
    column: 'p99 ms',
    than: { row: 'direct, undici dispatcher', as: 'plus' },
    most: 1,
  },
  { suite: 'streams', table: 'To the first bytes of a stored stream', column: 'p99 ms', most: 2 },
];

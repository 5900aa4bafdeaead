import { extname } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import type { BatchRow } from './batch-row.js';
import { invalidBatch } from './invalid-batch.js';

const project = { projectId: z.string().trim().min(1) };
const stage = z.int().positive();
const asking = {
  model: z.string().min(1).optional(),
  maxTokens: z.int().positive().optional(),
  temperature: z.number().min(0).optional(),
  variables: z.record(z.string(), z.string()).optional(),
  maxCost: z.number().nonnegative().optional(),
  cache: z.enum(['default', 'refresh', 'bypass', 'only-if-cached']).optional(),
};

const row = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('run-stage'),
    ...project,
    ...asking,
    stage,
    template: z.string().min(1).optional(),
  }),
  z.strictObject({
    operation: z.literal('run'),
    ...project,
    ...asking,
    stages: z.array(stage).optional(),
    stale: z.boolean().optional(),
    concurrency: stage.optional(),
  }),
  z.strictObject({ operation: z.literal('reset-stage'), ...project, stage }),
  z.strictObject({
    operation: z.literal('import-code'),
    ...project,
    files: z.array(z.string().min(1)).min(1),
    description: z.string().optional(),
  }),
  z.strictObject({
    operation: z.literal('extract-code'),
    ...project,
    stage,
    output: z.string().min(1),
    force: z.boolean().optional(),
  }),
  z.strictObject({
    operation: z.literal('export'),
    ...project,
    output: z.string().min(1),
    format: z.enum(['md', 'html', 'json']).optional(),
    force: z.boolean().optional(),
  }),
]);

/** Aliases of fields. */
const otherNames: Readonly<Record<string, string>> = { project: 'projectId', vars: 'variables' };

/** @throws PlanError `PLAN_BATCH_INVALID` */
export function parseBatch(path: string, text: string): BatchRow[] {
  const found = listIn(path, parseFile(path, text));
  const problems: string[] = [];
  const rows = found.flatMap((value, index) => {
    const result = row.safeParse(normalized(value));
    if (result.success) return [present(result.data) as BatchRow];
    problems.push(...result.error.issues.map((issue) => `row ${index + 1}: ${describe(issue)}`));
    return [];
  });
  if (problems.length > 0) throw invalidBatch(path, problems.join('; '));
  return rows;
}

function parseFile(path: string, text: string): unknown {
  try {
    return extname(path).toLowerCase() === '.toml' ? parseToml(text) : JSON.parse(text);
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n\n');
    throw invalidBatch(path, problem.trim().replace(/\.$/u, ''), error);
  }
}

/** TOML lists need a name, but any will do. */
function listIn(path: string, value: unknown): unknown[] {
  const lists = Array.isArray(value)
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value)
      : [];
  const [list] = lists;
  if (lists.length !== 1 || !Array.isArray(list)) {
    throw invalidBatch(path, 'it must be one list of rows, in TOML as [[rows]]');
  }
  if (list.length === 0) throw invalidBatch(path, 'it has no rows');
  return list;
}

/** Treats `project_id`, `project-id` and `projectId` as one field, and likewise `run_stage` and `run-stage`. */
function normalized(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => {
    const camel = name.replaceAll(/[_-]([a-z])/gu, (_, letter: string) => letter.toUpperCase());
    const known = otherNames[camel] ?? camel;
    return [known, known === 'operation' && typeof field === 'string' ? field.replaceAll('_', '-') : field];
  });
  return Object.fromEntries(fields);
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
}

function present(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

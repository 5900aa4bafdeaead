import { extname } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import type { StageDefinition } from '../stages/stage-definition.js';
import { invalidPipeline } from './invalid-pipeline.js';

const parameters = z.strictObject({
  model: z.string().min(1).optional(),
  maxTokens: z.int().positive().optional(),
  temperature: z.number().min(0).optional(),
  variables: z.record(z.string(), z.string()).optional(),
});

const stage = z.strictObject({
  id: z.int().positive(),
  name: z.string().trim().min(1),
  slug: z.string(),
  template: z.string().optional(),
  needs: z.array(z.int()).default([]),
  parameters: parameters.optional(),
});

const pipeline = z.strictObject({ stages: z.array(stage).min(1) });

/** Parses the stages of a pipeline file; checks only their shape. @throws PlanError `PLAN_PIPELINE_INVALID` */
export function parsePipeline(path: string, text: string): StageDefinition[] {
  const result = pipeline.safeParse(parseFile(path, text));
  if (!result.success) {
    throw invalidPipeline(path, result.error.issues.map(describeIssue).join('; '), result.error);
  }
  return result.data.stages.map(({ template, parameters: chosen, ...definition }) => ({
    ...definition,
    template: template ?? definition.slug,
    ...(chosen === undefined ? {} : { parameters: present(chosen) }),
  }));
}

function parseFile(path: string, text: string): unknown {
  try {
    return extname(path) === '.toml' ? parseToml(text) : JSON.parse(text);
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n\n');
    throw invalidPipeline(path, problem.trim().replace(/\.$/u, ''), error);
  }
}

/** `stages[2].needs[0]: Invalid input: expected number, received string` */
function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const place = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./u, '');
  return place === '' ? message : `${place}: ${message}`;
}

function present<T extends object>(settings: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const set = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}

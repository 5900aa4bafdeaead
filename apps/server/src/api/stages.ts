import type { Toolkit } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';
import { answerOf, describe, listOfObjects, objectOf } from './describe.js';
import { type ById, idParams } from './projects.js';
import { streamRun } from './stream-run.js';

interface ByStage extends ById {
  readonly n: number;
}

interface StageSettings {
  readonly model?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly variables?: Readonly<Record<string, string>>;
  readonly template?: string;
  readonly cache?: 'default' | 'refresh' | 'bypass' | 'only-if-cached';
  readonly force?: boolean;
  readonly maxCost?: number;
}

interface ProjectRun extends Omit<StageSettings, 'template' | 'force'> {
  readonly stages?: readonly number[];
  readonly stale?: boolean;
  readonly concurrency?: number;
}

type Revision = number | 'current';

const stageParams = objectOf(
  { id: { type: 'string' }, n: { type: 'integer', minimum: 1, description: 'Number of the stage.' } },
  ['id', 'n'],
);

const settings = {
  model: { type: 'string', minLength: 1 },
  maxTokens: { type: 'integer', minimum: 1 },
  temperature: { type: 'number', minimum: 0 },
  variables: { type: 'object', additionalProperties: { type: 'string' } },
  cache: { type: 'string', enum: ['default', 'refresh', 'bypass', 'only-if-cached'] },
  maxCost: { type: 'number', exclusiveMinimum: 0, description: 'US dollars; never exceeded.' },
} as const;

const events = {
  description:
    'Events `started`, `text`, `usage`, `done`, `failed`, `skipped`, then `end`. Who leaves ends the run.',
} as const;

/** Stages of a project: documents, history and runs. */
export function stageRoutes(app: FastifyInstance, toolkit: Toolkit, ending: AbortSignal): void {
  const stage = '/api/projects/:id/stages/:n';

  app.get<{ Params: ByStage }>(
    stage,
    {
      schema: describe('projects', 'A stage and its document', {
        description: 'And with what a run that was interrupted had said, or one that is under way has said.',
        params: stageParams,
      }),
    },
    async ({ params: { id, n } }) => {
      const [planner, store] = await Promise.all([toolkit.planner(), toolkit.projects()]);
      const document = await planner.document(id, n);
      const status = (await planner.status(id)).stages.find(({ stage: number }) => number === n);
      const partialText = status?.partial
        ? await store.readPartial(id, { number: n, slug: status.slug })
        : undefined;
      return { ...status, document: document ?? null, partialText: partialText ?? null };
    },
  );

  app.put<{ Params: ByStage; Body: { text: string } }>(
    stage,
    {
      schema: describe('projects', 'Write the document of a stage by hand', {
        description: 'What it replaces stays in the history.',
        params: stageParams,
        body: objectOf({ text: { type: 'string', minLength: 1 } }, ['text']),
      }),
    },
    async ({ params: { id, n }, body: { text } }) => {
      const planner = await toolkit.planner();
      await planner.writeDocument(id, n, text);
      return { document: await planner.document(id, n) };
    },
  );

  app.get<{ Params: ByStage }>(
    `${stage}/history`,
    {
      schema: describe('projects', 'Revisions of a stage, oldest first', {
        params: stageParams,
        answer: answerOf({ revisions: listOfObjects }),
      }),
    },
    async ({ params: { id, n } }) => ({ revisions: await (await toolkit.planner()).history(id, n) }),
  );

  app.get<{ Params: ByStage; Querystring: { from: string; to?: string } }>(
    `${stage}/diff`,
    {
      schema: describe('projects', 'What changed between two revisions', {
        params: stageParams,
        querystring: objectOf(
          {
            from: { type: 'string', pattern: '^(\\d{1,9}|current)$' },
            to: { type: 'string', pattern: '^(\\d{1,9}|current)$', description: 'Default: current.' },
          },
          ['from'],
        ),
      }),
    },
    async ({ params: { id, n }, query: { from, to = 'current' } }) =>
      (await toolkit.planner()).diff(id, n, revisionOf(from), revisionOf(to)),
  );

  app.post<{ Params: ByStage; Body: { revision: number } }>(
    `${stage}/restore`,
    {
      schema: describe('projects', 'Make an older revision current again', {
        params: stageParams,
        body: objectOf({ revision: { type: 'integer', minimum: 1 } }, ['revision']),
      }),
    },
    async ({ params: { id, n }, body: { revision } }) => {
      const planner = await toolkit.planner();
      await planner.restore(id, n, revision);
      return { document: await planner.document(id, n) };
    },
  );

  app.post<{ Params: ByStage }>(
    `${stage}/reset`,
    {
      schema: describe('projects', 'Back to not started', {
        description: 'Its revisions stay in the history.',
        params: stageParams,
      }),
    },
    async ({ params: { id, n } }) => {
      await (await toolkit.planner()).resetStage(id, n);
      return { reset: true };
    },
  );

  app.post<{ Params: ByStage; Body: StageSettings | null }>(
    `${stage}/run`,
    {
      schema: describe('projects', 'Run a stage, reporting progress (SSE)', {
        ...events,
        params: stageParams,
        body: {
          ...objectOf({ ...settings, template: { type: 'string' }, force: { type: 'boolean' } }),
          type: ['object', 'null'],
        },
      }),
    },
    async ({ params: { id, n }, body }, reply) => {
      const planner = await toolkit.planner();
      await streamRun(reply, ending, (signal) => planner.runStage(id, n, { ...body, signal }));
    },
  );

  app.post<{ Params: ById; Body: ProjectRun | null }>(
    '/api/projects/:id/run',
    {
      schema: describe('projects', 'Run what is missing or stale, reporting progress (SSE)', {
        ...events,
        params: idParams,
        body: {
          ...objectOf({
            ...settings,
            stages: { type: 'array', items: { type: 'integer', minimum: 1 } },
            stale: { type: 'boolean' },
            concurrency: { type: 'integer', minimum: 1, maximum: 16 },
          }),
          type: ['object', 'null'],
        },
      }),
    },
    async ({ params: { id }, body }, reply) => {
      const planner = await toolkit.planner();
      await streamRun(reply, ending, (signal) => planner.run(id, { ...body, signal }));
    },
  );
}

function revisionOf(text: string): Revision {
  return text === 'current' ? text : Number(text);
}

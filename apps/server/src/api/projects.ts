import type { Toolkit } from '@ai-toolkit/toolkit';
import type { FastifyInstance } from 'fastify';
import { answerOf, anyObject, describe, listOfObjects, objectOf, type Schema } from './describe.js';

interface NewProject {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly idea?: string;
}

interface Change extends Partial<NewProject> {
  readonly expectedVersion?: number;
}

export interface ById {
  readonly id: string;
}

interface PlanQuery {
  readonly stages?: readonly number[];
  readonly stale?: boolean;
  readonly maxCost?: number;
}

export const idParams: Schema = objectOf(
  { id: { type: 'string', description: 'Id, folder name, or an unambiguous beginning of the id.' } },
  ['id'],
);

const texts = {
  name: { type: 'string', minLength: 1, maxLength: 200 },
  description: { type: 'string' },
  tags: { type: 'array', items: { type: 'string' } },
  idea: { type: 'string', description: 'The idea in full. Default: the description.' },
} as const;

const project = answerOf({ project: anyObject, idea: { type: 'string' }, stages: listOfObjects });

/** `/api/projects`: create, list, show, change and delete projects, and plan what a run would do. */
export function projectRoutes(app: FastifyInstance, toolkit: Toolkit): void {
  app.get(
    '/api/projects',
    {
      schema: describe('projects', 'All projects, most recently changed first', {
        description: 'One that is damaged is there and says so.',
        answer: answerOf({ projects: listOfObjects }),
      }),
    },
    async () => ({ projects: await (await toolkit.projects()).getAll() }),
  );

  app.post<{ Body: NewProject }>(
    '/api/projects',
    {
      schema: describe('projects', 'Makes a project', {
        body: objectOf(texts, ['name']),
        status: 201,
        answer: project,
      }),
    },
    async ({ body }, reply) => {
      const { id } = await (await toolkit.projects()).create(body);
      return reply
        .code(201)
        .header('location', `/api/projects/${id}`)
        .send(await show(id));
    },
  );

  app.get<{ Params: ById }>(
    '/api/projects/:id',
    { schema: describe('projects', 'A project and its stages', { params: idParams, answer: project }) },
    async ({ params }) => show(params.id),
  );

  app.patch<{ Params: ById; Body: Change }>(
    '/api/projects/:id',
    {
      schema: describe('projects', 'Changes a project', {
        description: 'With `expectedVersion`, 409 when somebody else has changed it meanwhile.',
        params: idParams,
        body: objectOf({ ...texts, expectedVersion: { type: 'integer', minimum: 0 } }),
        answer: project,
      }),
    },
    async ({ params, body: { expectedVersion, idea, ...change } }) => {
      const store = await toolkit.projects();
      const options = expectedVersion === undefined ? {} : { expectedVersion };
      const { id } =
        Object.keys(change).length === 0 && expectedVersion === undefined
          ? await store.get(params.id)
          : await store.update(params.id, change, options);
      if (idea !== undefined) await store.writeIdea(id, idea);
      return show(id);
    },
  );

  app.delete<{ Params: ById; Querystring: { permanent?: boolean } }>(
    '/api/projects/:id',
    {
      schema: describe('projects', 'Move a project to the trash', {
        description: 'With `permanent`, deletes it for good.',
        params: idParams,
        querystring: objectOf({ permanent: { type: 'boolean' } }),
      }),
    },
    async ({ params, query: { permanent = false } }) => {
      const { trashPath } = await (await toolkit.projects()).delete(params.id, { permanent });
      return { deleted: true, trashPath: trashPath ?? null };
    },
  );

  app.get<{ Params: ById; Querystring: PlanQuery }>(
    '/api/projects/:id/plan',
    {
      schema: describe('projects', 'What a run would do, and what it would cost', {
        description: 'Asks nobody.',
        params: idParams,
        querystring: objectOf({
          stages: { type: 'array', items: { type: 'integer', minimum: 1 } },
          stale: { type: 'boolean', description: 'Only stages whose document is stale.' },
          maxCost: { type: 'number', exclusiveMinimum: 0, description: 'US dollars.' },
        }),
        answer: answerOf({ steps: listOfObjects }),
      }),
    },
    async ({ params, query }) => (await toolkit.planner()).plan(params.id, query),
  );

  async function show(id: string): Promise<Record<string, unknown>> {
    const [planner, store] = await Promise.all([toolkit.planner(), toolkit.projects()]);
    const [status, idea] = await Promise.all([planner.status(id), store.readIdea(id)]);
    return { ...status, idea };
  }
}

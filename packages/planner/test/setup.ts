import { createProjectStore, type Project, type ProjectStore } from '@ai-toolkit/project-store';
import { createPlanner, type Planner, type PlannerEvent, type PlannerOptions } from '../src/index.js';
import { createFakeClient, type FakeClient } from './fake-client.js';
import { temporaryFolder } from './temporary.js';

export interface Setup {
  readonly root: string;
  readonly store: ProjectStore;
  readonly client: FakeClient;
  readonly planner: Planner;
  readonly project: Project;
  /** Another planner on the same projects and client. */
  again(options?: Partial<PlannerOptions>): Planner;
}

export async function setUp(options: Partial<PlannerOptions> = {}): Promise<Setup> {
  const root = await temporaryFolder();
  const store = createProjectStore({ root });
  const client = createFakeClient();
  const { forecast } = client;
  const again = (more: Partial<PlannerOptions> = {}): Planner =>
    createPlanner({ store, client, forecast, ...options, ...more });
  const description = 'A wall clock that shows the tide';
  const project = await store.create({ name: 'Tide Clock', description });
  return { root, store, client, planner: again(), project, again };
}

/** All events, and the error thrown at the end, if any. */
export async function collect(
  events: AsyncIterable<PlannerEvent>,
): Promise<{ events: PlannerEvent[]; error: unknown }> {
  const seen: PlannerEvent[] = [];
  try {
    for await (const event of events) seen.push(event);
    return { events: seen, error: undefined };
  } catch (error) {
    return { events: seen, error };
  }
}

/** `started 1`, `done 1`, …, without text and usage. */
export function outline(events: readonly PlannerEvent[]): string[] {
  return events
    .filter(({ type }) => type !== 'text' && type !== 'usage')
    .map(({ type, stage }) => `${type} ${stage}`);
}

import process from 'node:process';
import { createAiClient, createPipeline, entryCodec, openaiProvider } from '@ai-toolkit/ai-client';
import { createCache } from '@ai-toolkit/core-cache';
import { createPlanner } from '@ai-toolkit/planner';
import { createProjectStore } from '@ai-toolkit/project-store';

/** The job of the process, passed as its argument in JSON. */
export interface PlannerJob {
  readonly root: string;
  readonly cache: string;
  readonly url: string;
  readonly project: string;
  readonly concurrency: number;
}

/** Runs the missing stages of a project, as the command line would, and reports each stage to the parent at its first text. */
async function main(text: string): Promise<void> {
  const { root, cache: path, url, project, concurrency } = JSON.parse(text) as PlannerJob;
  await using cache = createCache({
    namespace: 'answers',
    ttlMs: 600_000,
    memory: { maxBytes: 2 ** 24 },
    disk: { path, maxBytes: 2 ** 28 },
    codec: entryCodec,
  });
  await using pipeline = createPipeline({ providers: [openaiProvider(url)], cache });
  const client = createAiClient({ pipeline, model: 'gpt-4o-mini' });
  const planner = createPlanner({ store: createProjectStore({ root }), client });
  const heard = new Set<number>();
  for await (const event of planner.run(project, { concurrency })) {
    if (event.type !== 'text' || heard.has(event.stage)) continue;
    heard.add(event.stage);
    process.send?.(event.stage);
  }
  process.disconnect?.();
}

await main(process.argv[2] ?? '');

// A process like the command line: `node http-child.mjs ROOT CACHE URL ID`. Calls a provider over HTTP through the real client
// with its cache on disk, and prints which stages are running and which are done.
import process from 'node:process';
import { createAiClient, createPipeline, entryCodec, openaiProvider } from '@ai-toolkit/ai-client';
import { createCache } from '@ai-toolkit/core-cache';
import { createProjectStore } from '@ai-toolkit/project-store';
import { createPlanner } from '../../dist/index.js';

const [, , root, path, url, id] = process.argv;
const cache = createCache({
  namespace: 'answers',
  ttlMs: 600_000,
  memory: { maxBytes: 2 ** 24 },
  disk: { path, maxBytes: 2 ** 27 },
  codec: entryCodec,
});
const pipeline = createPipeline({ providers: [openaiProvider(url)], cache });
const client = createAiClient({ pipeline, model: 'gpt-4o-mini' });
const planner = createPlanner({ store: createProjectStore({ root }), client });

process.stdout.write('ready\n');
const heard = new Set();
for await (const event of planner.run(id, { concurrency: 2 })) {
  if (event.type === 'text' && !heard.has(event.stage)) {
    heard.add(event.stage);
    process.stdout.write(`hears ${event.stage}\n`);
  }
  if (event.type === 'done') process.stdout.write(`done ${event.stage} ${event.cache}\n`);
}
process.stdout.write('finished\n');
await pipeline.close();
await cache.close();

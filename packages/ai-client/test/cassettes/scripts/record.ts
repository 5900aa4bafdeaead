import { createPipeline, openaiProvider } from '../../../src/index.js';

/** Records the answers to prompts, at once: `record.ts BASE_URL DIR PROMPT…`. */
const [, , baseUrl = '', dir = '', ...prompts] = process.argv;
await using pipeline = createPipeline({
  providers: [openaiProvider(baseUrl)],
  cassettes: {
    dir,
    mode: 'auto',
    onProblem: (problem) => {
      throw problem;
    },
  },
});

await Promise.all(
  prompts.map(async (content) => {
    const response = await pipeline.fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] }),
    });
    if (!response.ok) throw new Error(await response.text());
    await response.arrayBuffer();
  }),
);

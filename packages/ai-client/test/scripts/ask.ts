import { createCache } from '@ai-toolkit/core-cache';
import { createPipeline, type Entry, entryCodec, openaiProvider } from '../../src/index.js';

/**
 * Makes one call, and closes nothing: `ask.ts BASE_URL PROMPT [DIR]`. Prints `begun` at the first bytes and `ended` at the last. With
 * a folder, stores answers on disk there.
 */
const [, , baseUrl = '', content = '', dir] = process.argv;
const pipeline = createPipeline({
  providers: [openaiProvider(baseUrl)],
  ...(dir === undefined
    ? {}
    : { cache: createCache<Entry>({ namespace: 'answers', disk: { path: dir }, codec: entryCodec }) }),
});
const body = { model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content }] };
let begun = false;
pipeline.exchange(
  { surface: 'chat', body: Buffer.from(JSON.stringify(body)) },
  {
    onHead: () => {},
    onData: () => {
      if (!begun) process.stdout.write('begun\n');
      begun = true;
      return true;
    },
    onEnd: () => process.stdout.write('ended\n'),
    onError: (error) => process.stderr.write(String(error)),
  },
);

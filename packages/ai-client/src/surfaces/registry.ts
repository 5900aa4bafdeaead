import { AiError } from '../errors.js';
import type { Surface } from '../surface.js';
import type { SurfaceAdapter } from './adapter.js';
import { chatSurface } from './chat.js';
import { embeddingsSurface } from './embeddings.js';
import { messagesSurface } from './messages.js';
import { responsesSurface } from './responses.js';

const adapters: readonly SurfaceAdapter[] = [
  chatSurface,
  responsesSurface,
  messagesSurface,
  embeddingsSurface,
];

/** Thread messages of OpenAI's Assistants API: the path ends like Anthropic's, but no model is called. */
const threadMessages = /\/threads\/[^/]+\/messages$/;

/** The adapter of a wire format. Fails with `AI_REQUEST_INVALID` for an unknown one. */
export function surfaceAdapter(surface: Surface): SurfaceAdapter {
  const adapter = adapters.find((candidate) => candidate.surface === surface);
  if (adapter === undefined) {
    throw new AiError(
      'AI_REQUEST_INVALID',
      `The surface ${JSON.stringify(surface)} is not known to the pipeline.`,
      {
        hint: `Use one of: ${adapters.map((known) => known.surface).join(', ')}.`,
      },
    );
  }
  return adapter;
}

/** The adapter whose path is a suffix of the URL path, if any. */
export function surfaceOfPath(path: string): SurfaceAdapter | undefined {
  return threadMessages.test(path) ? undefined : adapters.find((adapter) => path.endsWith(adapter.path));
}

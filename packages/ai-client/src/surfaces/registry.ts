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

/** Messages of a thread in OpenAI's assistants: a path that ends like Anthropic's and asks no model. */
const threadMessages = /\/threads\/[^/]+\/messages$/;

/** The adapter of a wire format. */
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

/** The wire format that a URL path belongs to: that of the adapter whose path it ends in. */
export function surfaceOfPath(path: string): SurfaceAdapter | undefined {
  return threadMessages.test(path) ? undefined : adapters.find((adapter) => path.endsWith(adapter.path));
}

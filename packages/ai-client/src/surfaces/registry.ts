import { AiError } from '../errors.js';
import type { Surface } from '../surface.js';
import type { SurfaceAdapter } from './adapter.js';
import { chatSurface } from './chat.js';

const adapters: readonly SurfaceAdapter[] = [chatSurface];

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
  return adapters.find((adapter) => path.endsWith(adapter.path));
}

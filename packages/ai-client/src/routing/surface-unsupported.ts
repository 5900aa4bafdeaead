import { AiError } from '../errors.js';
import { offers, type Provider } from '../providers/provider.js';
import type { Surface } from '../surface.js';

/** Names of the surfaces for callers. */
const nameOf: Readonly<Record<Surface, string>> = {
  chat: 'chat completions',
  responses: 'responses',
  messages: 'messages',
  embeddings: 'embeddings',
};

/** The error for a provider that lacks an endpoint; the hint lists the surfaces it does support and other providers with this one. */
export function surfaceUnsupported(
  { name, surfaces = [] }: Provider,
  surface: Surface,
  providers: readonly Provider[],
): AiError {
  // Embeddings cannot replace text, or vice versa.
  const instead = surface === 'embeddings' ? [] : surfaces.filter((other) => other !== 'embeddings');
  const others = providers.filter((other) => other.name !== name && offers(other, surface));
  const [first] = others;
  const remedies = [
    ...(instead.length === 0 ? [] : [`ask it for ${instead.map((other) => nameOf[other]).join(' or ')}`]),
    first === undefined
      ? 'configure a provider that has them'
      : `ask for a model of ${others.map((other) => other.name).join(' or ')}, as "${first.name}/MODEL" or by a route`,
  ].join(', or ');
  return new AiError('AI_SURFACE_UNSUPPORTED', `${name} has no ${nameOf[surface]}.`, {
    hint: `${remedies.charAt(0).toUpperCase()}${remedies.slice(1)}.`,
  });
}

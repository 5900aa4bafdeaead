import { AiError } from '../errors.js';
import { offers, type Provider } from '../providers/provider.js';
import type { Surface } from '../surface.js';

/** In the words of who asks. */
const nameOf: Readonly<Record<Surface, string>> = {
  chat: 'chat completions',
  responses: 'responses',
  messages: 'messages',
  embeddings: 'embeddings',
};

/** The provider that a request would go to has no such endpoint; the hint says by which one to ask it, and who else has it. */
export function surfaceUnsupported(
  { name, surfaces = [] }: Provider,
  surface: Surface,
  providers: readonly Provider[],
): AiError {
  const others = providers.filter((other) => other.name !== name && offers(other, surface));
  const remedies = [
    // Vectors and texts cannot stand for each other.
    surface === 'embeddings' ? [] : surfaces.filter((other) => other !== 'embeddings'),
    others.map((other) => other.name),
  ] as const;
  const [bySurface, byProvider] = [remedies[0].map((other) => nameOf[other]), remedies[1]];
  const said = [
    ...(bySurface.length === 0 ? [] : [`Ask it for ${bySurface.join(' or ')}`]),
    byProvider.length === 0
      ? 'configure a provider that has them'
      : `ask for a model of ${byProvider.join(' or ')}, as "${byProvider[0]}/MODEL" or by a route`,
  ].join(', or ');
  return new AiError('AI_SURFACE_UNSUPPORTED', `${name} has no ${nameOf[surface]}.`, {
    hint: `${said.charAt(0).toUpperCase()}${said.slice(1)}.`,
  });
}

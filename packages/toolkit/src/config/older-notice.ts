import type { ConfigSource } from './layer.js';
import type { Renaming } from './older-names.js';

/** Describes an older name that was read and what to write instead, in a sentence. Contains no values. */
export function describeRenaming(
  { from, to, isIgnored }: Renaming,
  { kind, name }: Pick<ConfigSource, 'kind' | 'name'>,
): string {
  const older = kind === 'environment' ? from.join('.') : `${name}: ${from.join('.')}`;
  const newer = to.join('.');
  if (isIgnored) return `${older} is an older name of ${newer}, which is set as well and wins: remove it.`;
  const remedy =
    kind === 'environment' ? `ai-toolkit config set ${newer}` : 'ai-toolkit config validate --fix';
  return `${older} is read as ${newer}. To write it so: ${remedy}`;
}

import { slugify } from '../naming/slug.js';
import type { StageRef } from '../stages/stage.js';
import type { OlderStage } from './older-stage.js';

/** The stages of every older project. */
const slugs: readonly string[] = [
  'initial-plan',
  'architecture-design',
  'implementation-strategy',
  'progress-assessment',
  'user-experience-design',
  'code-generation-and-review',
];

/** The stage with this number, with its current slug, or one derived from the name. */
export function refOf(number: number, name: string | undefined): StageRef {
  return { number, slug: slugs[number - 1] ?? slugify(name ?? `Stage ${number}`) };
}

/** Assigns each stage its current number, ascending; several may claim the same one. */
export function numberStages(stages: readonly OlderStage[]): ReadonlyMap<number, readonly OlderStage[]> {
  // Some programs count from 0.
  const first = stages.some(({ number }) => number === 0) ? 1 : 0;
  const firstPlace = stages.some(({ place }) => place === 0) ? 1 : 0;
  const claimed = stages.map(({ number, place, name }) =>
    number === undefined
      ? (numberOf(name) ?? (place === undefined ? undefined : place + firstPlace))
      : number + first,
  );
  const taken = new Set(claimed);
  const numbered = new Map<number, OlderStage[]>();
  for (const [index, stage] of stages.entries()) {
    const number = claimed[index] ?? firstFree(index + 1, taken);
    taken.add(number);
    numbered.set(number, [...(numbered.get(number) ?? []), stage]);
  }
  return new Map([...numbered].sort(([a], [b]) => a - b));
}

/** The number of a stage that has only a name, such as `InitialPlan`. */
function numberOf(name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const plain = letters(slugify(name));
  const index = slugs.findIndex((slug) => letters(slug) === plain);
  return index === -1 ? undefined : index + 1;
}

function letters(slug: string): string {
  return slug.replaceAll('-', '');
}

function firstFree(from: number, taken: ReadonlySet<number | undefined>): number {
  let number = from;
  while (taken.has(number)) number += 1;
  return number;
}

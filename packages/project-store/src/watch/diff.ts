import type { DamagedProject } from '../project.js';
import type { Observed } from './observed.js';
import type { ProjectEvent, ProjectPart } from './project-event.js';

/** State of a folder; a damaged project keeps the id it had before. Undefined if the folder holds nothing of ours. */
export type Finding = Observed | (DamagedProject & { readonly id?: string }) | undefined;

/** Texts of a project that may have changed, as far as that is visible outside `project.json`. */
export interface Touched {
  readonly idea: boolean;
  readonly stages: ReadonlySet<number>;
}

export const untouched: Touched = { idea: false, stages: new Set() };

/** A folder before and after. */
export interface Comparison {
  readonly before: Finding;
  readonly after: Finding;
  readonly touched: Touched;
}

/** Derives events. A project that disappears at one path and appears at another has moved. */
export function diff(folders: readonly Comparison[]): ProjectEvent[] {
  const events: ProjectEvent[] = [];
  const gone = new Map<string, NonNullable<Finding>>();
  const come: Observed[] = [];
  for (const { before, after, touched } of folders) {
    if (after?.kind === 'damaged') {
      const news = before?.kind !== 'damaged' || before.reason !== after.reason;
      if (news) events.push(damageOf(after));
    } else if (before?.kind === 'project' && before.id === after?.id) {
      events.push(...changeOf(before, after, touched));
    } else {
      if (before?.id !== undefined) gone.set(before.id, before);
      // Its id was never known, so no event can name it.
      else if (before !== undefined) events.push({ kind: 'rescan' });
      if (after !== undefined) come.push(after);
    }
  }
  for (const after of come) {
    const { id, path } = after;
    const before = gone.get(id);
    gone.delete(id);
    if (before?.kind === 'project') events.push(...changeOf(before, after, untouched));
    else events.push({ kind: 'created', id, path });
  }
  for (const [id, { path }] of gone) events.push({ kind: 'deleted', id, path });
  return events;
}

function damageOf({ id, path, reason }: DamagedProject & { readonly id?: string }): ProjectEvent {
  return { kind: 'damaged', ...(id === undefined ? {} : { id }), path, reason };
}

function changeOf(before: Observed, after: Observed, touched: Touched): ProjectEvent[] {
  const numbers = new Set([...before.states.keys(), ...after.states.keys()]);
  const stages = [...numbers].filter((number) => before.states.get(number) !== after.states.get(number));
  const all = [...new Set([...stages, ...touched.stages])].sort((a, b) => a - b);
  const parts: ProjectPart[] = [];
  if (before.facts !== after.facts) parts.push('facts');
  if (touched.idea) parts.push('idea');
  if (before.path !== after.path) parts.push('path');
  if (all.length > 0) parts.push('stages');
  return parts.length === 0 ? [] : [{ kind: 'changed', id: after.id, path: after.path, parts, stages: all }];
}

import type { StageState } from '@ai-toolkit/project-store';
import type { StageGraph } from '../stages/stage-graph.js';
import type { Question } from './question.js';
import type { Snapshot } from './snapshot.js';

const sentences: Readonly<Record<string, string>> = {
  name: "the project's name changed",
  description: "the project's description changed",
  idea: 'the idea changed',
  template: 'the template changed',
  variables: 'the variables changed',
  code: 'the imported code changed',
};

/** Why a document no longer answers the current question; at least one reason. */
export function explainDifference(
  graph: StageGraph,
  snapshot: Snapshot,
  state: StageState,
  question: Question,
): string[] {
  // Records from before code could be imported do not mention it.
  const before: Readonly<Record<string, string>> = { code: 'none', ...state.ingredients };
  const reasons = Object.entries(question.ingredients).flatMap(([name, value]) => {
    if (before[name] === value) return [];
    const need = /^stage (\d+)$/u.exec(name)?.[1];
    if (need !== undefined) return [explainInput(graph, snapshot, state, Number(need))];
    return [sentences[name] ?? `${name} is now ${value}, it was ${before[name] ?? 'not set'}`];
  });
  return reasons.length > 0 ? reasons : ['the prompt changed'];
}

function explainInput(graph: StageGraph, snapshot: Snapshot, state: StageState, need: number): string {
  const document = snapshot.documents.get(need);
  const title = `stage ${need} (${graph.stage(need).name})`;
  if (document?.edited === true) return `${title} was edited by hand`;
  const from = state.inputRevisions?.[need];
  if (document?.revision === undefined || from === undefined || from === document.revision) {
    return `${title} changed`;
  }
  return `${title} is now at revision ${document.revision}, this was made from revision ${from}`;
}

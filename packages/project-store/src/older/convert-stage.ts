import type { ImportedStage, ImportedText } from '../import/imported-project.js';
import type { OlderStage } from './older-stage.js';
import { refOf } from './stage-numbers.js';

/**
 * Converts all older stages with the same number, usually one, into a single stage. Every text is kept: as the
 * document, an earlier revision or the partial text. Undefined if there is nothing to keep.
 * @param at fallback time, epoch in ms
 */
export function convertStage(
  number: number,
  stages: readonly OlderStage[],
  at: number,
  note: (text: string) => void,
): ImportedStage | undefined {
  const last = stages.at(-1);
  if (last === undefined) return undefined;
  const before = stages.slice(0, -1);
  if (before.length > 0)
    note(
      `${stages.length} stages have the number ${number}; the last one counts, the others are its history`,
    );
  const past = before.flatMap((stage) => textOf(stage, at));
  const hadDocument = before.some((stage) => stage.content !== '' && stateOf(stage) === 'completed');
  const state = stateOf(last);
  if (last.unknownStatus !== undefined) {
    note(
      `stage ${number} has the unknown status ${JSON.stringify(last.unknownStatus)}; it is taken for ${state}`,
    );
  }
  if (stages.some(({ content }) => !content.isWellFormed())) {
    note(
      `stage ${number} has halves of characters, which no file can hold; the copy of the original has them`,
    );
  }
  const stage = refOf(number, last.name);
  const history = { stage, texts: past, isReset: !hadDocument };
  const partial = last.content === '' ? {} : { partial: last.content };
  if (state === 'completed') {
    if (last.content === '') note(`stage ${number} is said to be completed but has no text`);
    else return { stage, texts: [...past, ...textOf(last, at)] };
  } else if (state === 'failed') {
    const message = last.error ?? 'The older project does not say why.';
    return {
      ...history,
      ...partial,
      failure: { code: last.errorCode ?? 'UNKNOWN', message, at: last.at ?? at },
    };
  } else if (state === 'in-progress') {
    return past.length === 0 && last.content === '' ? undefined : { ...history, ...partial };
  } else if (last.content !== '') {
    note(`stage ${number} is said to be not started but has a text, which is kept as a revision`);
    return { ...history, texts: [...past, ...textOf(last, at)], isReset: true };
  }
  return past.length === 0 ? undefined : history;
}

function stateOf(stage: OlderStage): NonNullable<OlderStage['status']> {
  if (stage.status !== undefined) return stage.status;
  if (stage.content !== '') return 'completed';
  return stage.error === undefined ? 'not-started' : 'failed';
}

function textOf({ content, record, at }: OlderStage, otherwise: number): ImportedText[] {
  return content === '' ? [] : [{ text: content, createdAt: at ?? otherwise, record }];
}

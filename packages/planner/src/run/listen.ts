import type { AiClient, Generation } from '@ai-toolkit/ai-client';
import type { ProjectStore } from '@ai-toolkit/project-store';
import type { Admission } from '../cost/meter.js';
import { codeOf } from '../error-code.js';
import { refOf } from '../question/snapshot.js';
import type { StageDefinition } from '../stages/stage-definition.js';
import type { PlannerEvent } from './planner-event.js';

export interface Listening {
  readonly store: ProjectStore;
  readonly client: Pick<AiClient, 'generateStreaming'>;
}

/**
 * Makes the call of a stage: passes on its text as it arrives, saves it as partial text, and reports the outcome to the
 * admission. If a cached answer has been evicted since it was looked up, requests another admission. Undefined if the
 * stream ended without its last event.
 */
export async function* listen(
  listening: Listening,
  id: string,
  stage: StageDefinition,
  prompt: string,
  admission: Admission,
  admitAgain: () => Promise<Admission>,
): AsyncGenerator<PlannerEvent, Generation | undefined, void> {
  try {
    return yield* call(listening, id, stage, prompt, admission);
  } catch (error) {
    if (!admission.free || codeOf(error) !== 'AI_NOT_CACHED') throw error;
  }
  return yield* call(listening, id, stage, prompt, await admitAgain());
}

async function* call(
  { store, client }: Listening,
  id: string,
  stage: StageDefinition,
  prompt: string,
  { request, settle }: Admission,
): AsyncGenerator<PlannerEvent, Generation | undefined, void> {
  const partial = await store.openPartial(id, refOf(stage)).catch((error: unknown) => {
    settle({ unsent: true });
    throw error;
  });
  let generation: Generation | undefined;
  let begun = false;
  let failure: { readonly error: unknown } | undefined;
  let lost: { readonly error: unknown } | undefined;
  try {
    for await (const event of client.generateStreaming(prompt, request)) {
      begun = true;
      if (event.type === 'done') {
        generation = event.generation;
      } else if (event.type === 'text') {
        partial.append(event.text);
        yield { type: 'text', stage: stage.id, name: stage.name, text: event.text };
      }
    }
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    // Also runs if the caller leaves early, and must not mask a failure in flight.
    settle(generation === undefined ? { error: failure?.error, begun } : { generation });
    await partial.close().catch((error: unknown) => {
      lost = { error };
    });
  }
  if (lost !== undefined) throw lost.error;
  return generation;
}

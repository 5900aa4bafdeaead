import type { Planner, StageRunOptions } from '@ai-toolkit/planner';
import type { Output } from '../output/output.js';
import { ask } from '../terminal.js';
import type { StageResult } from './stage-report.js';
import { streamStage } from './stream-stage.js';

interface Review {
  readonly planner: Planner;
  readonly output: Output;
  readonly project: string;
  readonly stage: number;
  readonly options: StageRunOptions;
}

/** The user's decision about a text. */
interface ReviewResult {
  readonly decision: 'accepted' | 'discarded' | 'unchanged';
  readonly result: StageResult | undefined;
}

/**
 * Runs a stage and asks what to do with its text: accept it, rewrite it with a remark, or restore the previous
 * document. Leaving the question does not accept the text.
 */
export async function reviewStage(review: Review): Promise<ReviewResult> {
  const { planner, output, project, stage, options } = review;
  const before = await planner.document(project, stage);
  const remarks: string[] = [];
  let result = await streamStage(planner, output, project, stage, options);
  if (result?.outcome !== 'done') {
    output.notice(`${stage} is up to date. To write it again: --refresh`);
    return { decision: 'unchanged', result };
  }
  try {
    for (;;) {
      const decision = await decide(options.signal);
      if (decision === 'accept') return { decision: 'accepted', result };
      if (decision === 'discard') break;
      remarks.push(await askForRemark(options.signal));
      const variables = { ...options.variables, remark: remarks.join(' ') };
      result = (await streamStage(planner, output, project, stage, { ...options, variables })) ?? result;
    }
  } catch (error) {
    // The text has not been accepted.
    await planner.revert(project, stage, before);
    output.notice('The text was not accepted. It is in the history.');
    throw error;
  }
  await planner.revert(project, stage, before);
  output.notice('The text was discarded. It is in the history.');
  return { decision: 'discarded', result };
}

function decide(signal: AbortSignal | undefined): Promise<'accept' | 'change' | 'discard'> {
  return ask(({ select }) =>
    select({
      message: 'What shall become of it?',
      options: [
        { value: 'accept' as const, label: 'Accept', hint: 'it is the document of the stage' },
        { value: 'change' as const, label: 'Change', hint: 'write it again, with a comment of yours' },
        { value: 'discard' as const, label: 'Discard', hint: 'go back to what was there' },
      ],
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}

function askForRemark(signal: AbortSignal | undefined): Promise<string> {
  return ask(({ text }) =>
    text({
      message: 'What should be different?',
      validate: (value) => (value === undefined || value.trim() === '' ? 'Say what.' : undefined),
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}

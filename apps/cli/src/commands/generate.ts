import { readFile, writeFile } from 'node:fs/promises';
import type { GenerateOptions, Generation } from '@ai-toolkit/ai-client';
import { simulatorName } from '@ai-toolkit/toolkit';
import { type Context, type GlobalFlags, runCommand } from '../run-command.js';
import { readStdin, readsStdin } from '../stdin.js';
import { type CacheFlags, cacheMode } from './cache-mode.js';

export interface GenerateFlags extends CacheFlags {
  readonly model?: string;
  readonly system?: string;
  readonly file: readonly string[];
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** False for `--no-stream`. */
  readonly stream: boolean;
  readonly output?: string;
}

export function generate(
  prompt: string | undefined,
  flags: GenerateFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async (context) => {
    const { toolkit, output } = context;
    const question = await gather(prompt, flags.file, globals);
    const [first] = await toolkit.providers();
    if (first?.provider.name === simulatorName)
      output.notice(`Answers are simulated, because ${first.reason}.`);
    const generation = await answer(context, question, flags);
    if (flags.output !== undefined) await writeFile(flags.output, ended(generation.text));
    output.result(generation, '');
    output.notice(summary(generation, flags.output));
    return undefined;
  });
}

async function answer(
  { toolkit, output, signal }: Context,
  question: string,
  flags: GenerateFlags,
): Promise<Generation> {
  const { model, system, maxTokens, temperature } = flags;
  const client = await toolkit.client();
  const options: GenerateOptions = {
    signal,
    cache: { mode: cacheMode(flags) },
    ...(model === undefined ? {} : { model }),
    ...(system === undefined ? {} : { system }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
  const print = (part: string): void => {
    if (flags.output === undefined) output.stream(part);
  };
  if (!flags.stream) {
    const generation = await client.generate(question, options);
    print(ended(generation.text));
    return generation;
  }
  for await (const event of client.generateStreaming(question, options)) {
    if (event.type === 'text') print(event.text);
    if (event.type !== 'done') continue;
    if (!event.generation.text.endsWith('\n')) print('\n');
    return event.generation;
  }
  throw new Error('The stream ended without an answer.');
}

/** Files, then what is piped in, then the prompt: the question comes last, as models read best. */
async function gather(
  prompt: string | undefined,
  files: readonly string[],
  globals: GlobalFlags,
): Promise<string> {
  const parts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const asked = prompt === '-' ? undefined : prompt;
  if (globals.input !== false && readsStdin(asked, files)) parts.push(await readStdin());
  if (asked !== undefined) parts.push(asked);
  const question = parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n');
  if (question === '')
    throw new TypeError('There is no prompt: give one as an argument, with --file, or on stdin.');
  return question;
}

function ended(answer: string): string {
  return answer.endsWith('\n') ? answer : `${answer}\n`;
}

function summary({ cache, model, usage }: Generation, file: string | undefined): string {
  const tokens =
    usage === undefined ? 'tokens unknown' : `${usage.inputTokens} tokens in, ${usage.outputTokens} out`;
  const source = cache === 'hit' ? `from the cache (saved ${tokens})` : `${cache}, ${tokens}`;
  return `${model}: ${source}${file === undefined ? '' : `, written to ${file}`}`;
}

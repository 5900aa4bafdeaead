import { writeFile } from 'node:fs/promises';
import type { GenerateOptions, Generation } from '@ai-toolkit/ai-client';
import { checkJsonSchema, simulatorName } from '@ai-toolkit/toolkit';
import { NamedFileError, readNamedFile, requireWritable } from '../named-file.js';
import { type Context, type GlobalFlags, runCommand } from '../run-command.js';
import { readStdin, readsStdin } from '../stdin.js';
import { type CacheFlags, cacheMode, type OfflineFlags, offlineOptions } from './cache-mode.js';
import { costOf, summarize } from './call-summary.js';

export interface GenerateFlags extends CacheFlags, OfflineFlags {
  readonly model?: string;
  readonly system?: string;
  readonly file: readonly string[];
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** File with a JSON schema that the answer must match. */
  readonly schema?: string;
  /** False for `--no-stream`. */
  readonly stream: boolean;
  readonly output?: string;
}

/** An answer, and the part of it still to be printed. */
interface Answered {
  readonly generation: Generation;
  readonly text: string;
  /** The parsed value, if a schema was given. */
  readonly value?: unknown;
}

export function generate(
  prompt: string | undefined,
  flags: GenerateFlags,
  globals: GlobalFlags,
): Promise<number> {
  const run = async (context: Context): Promise<undefined> => {
    const { toolkit, output } = context;
    const question = await gather(prompt, flags.file, globals, context.signal);
    // Checked before anything is paid for.
    if (flags.output !== undefined) await requireWritable(flags.output);
    const [first] = await toolkit.providers();
    if (first?.provider.name === simulatorName)
      output.notice(`Answers are simulated, because ${first.reason}.`);
    const { generation, text, value } = await answer(context, question, flags);
    const cost = await costOf(toolkit, generation);
    if (flags.output !== undefined) await write(flags.output, text);
    output.result(
      { ...generation, ...cost, ...(value === undefined ? {} : { value }) },
      flags.output === undefined ? text : '',
    );
    output.notice(summarize(generation, cost));
    if (flags.output !== undefined) output.notice(`Written to ${flags.output}.`);
    return undefined;
  };
  return runCommand(globals, run, offlineOptions(flags, globals));
}

async function answer(context: Context, question: string, flags: GenerateFlags): Promise<Answered> {
  const { output } = context;
  const options = optionsOf(context, flags);
  if (flags.schema !== undefined) return answerJson(context, question, flags, options);
  const client = await context.toolkit.client();
  if (!flags.stream) {
    const generation = await client.generate(question, options);
    return { generation, text: generation.text };
  }
  const isShown = flags.output === undefined && !output.json;
  for await (const event of client.generateStreaming(question, options)) {
    if (event.type === 'text' && isShown) output.stream(event.text);
    if (event.type !== 'done') continue;
    const { generation } = event;
    if (isShown && !generation.text.endsWith('\n')) output.stream('\n');
    return { generation, text: isShown ? '' : generation.text };
  }
  throw new Error('The stream ended without an answer.');
}

/** Prints nothing before the answer has passed validation. */
async function answerJson(
  context: Context,
  question: string,
  flags: GenerateFlags,
  options: GenerateOptions,
): Promise<Answered> {
  const schema = await checkJsonSchema(await readJson(flags.schema ?? ''));
  const client = await context.toolkit.client();
  const { value, generation, rejected } = await client.generateJson(question, schema, options);
  if (rejected.length > 0)
    context.output.notice(`${rejected.length} earlier answers did not match the schema.`);
  return { generation, value, text: JSON.stringify(value, null, 2) };
}

function optionsOf({ toolkit, signal }: Context, flags: GenerateFlags): GenerateOptions {
  const { config } = toolkit;
  const { model, system } = flags;
  const maxTokens = flags.maxTokens ?? config.maxTokens;
  const temperature = flags.temperature ?? config.temperature;
  return {
    signal,
    cache: { mode: cacheMode(flags) },
    ...(model === undefined ? {} : { model }),
    ...(system === undefined ? {} : { system }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

async function readJson(file: string): Promise<unknown> {
  const text = await readNamedFile(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError(`${file} is not JSON. --schema takes a file with a JSON schema.`);
  }
}

/** Files, then stdin, then the prompt: models answer best if the question comes last. */
async function gather(
  prompt: string | undefined,
  files: readonly string[],
  globals: GlobalFlags,
  signal: AbortSignal,
): Promise<string> {
  const parts = await Promise.all(files.map(readNamedFile));
  if (globals.input !== false && readsStdin(prompt, files)) parts.push(await readStdin(signal));
  if (prompt !== undefined && prompt !== '-') parts.push(prompt);
  const question = parts
    .map(trimmed)
    .filter((part) => part !== '')
    .join('\n\n');
  if (question === '')
    throw new TypeError('There is no prompt: give one as an argument, with --file, or on stdin.');
  return question;
}

/** Removes surrounding empty lines, but keeps the indentation of the first line, which may be significant. */
function trimmed(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text.endsWith('\n') ? text : `${text}\n`);
  } catch (error) {
    throw new NamedFileError(file, error, 'written');
  }
}

import { createInterface, type Interface } from 'node:readline';
import type { GenerateOptions } from '@ai-toolkit/ai-client';
import {
  type Conversation,
  type ConversationStore,
  createConversationStore,
  simulatorName,
} from '@ai-toolkit/toolkit';
import { type Context, type GlobalFlags, runCommand } from '../run-command.js';
import { assumeSize, isLive } from '../terminal.js';
import { type CacheFlags, cacheMode, type OfflineFlags, offlineOptions } from './cache-mode.js';
import { type CallCost, costOf, summarize } from './call-summary.js';

export interface ChatFlags extends CacheFlags, OfflineFlags {
  readonly model?: string;
  readonly system?: string;
  /** An id, or `true` for the latest. */
  readonly continue?: string | true;
  readonly maxTokens?: number;
  readonly temperature?: number;
}

/** One turn, for `--json`. */
interface TurnReport extends CallCost {
  readonly prompt: string;
  readonly answer: string;
  readonly model: string;
  readonly cache: string;
}

const noPrompt = 'There is no prompt: each line of stdin is one.';

export function chat(flags: ChatFlags, globals: GlobalFlags): Promise<number> {
  const run = async (context: Context): Promise<undefined> => {
    if (globals.input === false) throw new TypeError(noPrompt);
    const { toolkit, output, signal } = context;
    const store = createConversationStore(toolkit.paths.conversations);
    const begun = await open(store, flags, toolkit.config.model);
    const [first] = await toolkit.providers();
    if (first?.provider.name === simulatorName)
      output.notice(`Answers are simulated, because ${first.reason}.`);
    const isTyped = isLive(globals);
    if (isTyped) output.notice('An empty line or Ctrl-D ends the conversation.');
    const turns: TurnReport[] = [];
    let conversation = begun;
    try {
      for await (const prompt of prompts(isTyped, signal)) {
        const { turn, next } = await answer(context, store, conversation, prompt, flags);
        conversation = next;
        turns.push(turn);
      }
    } finally {
      if (conversation.messages.length > 0 && conversation !== begun)
        output.notice(`Saved. To continue: ai-toolkit chat --continue ${conversation.id}`);
    }
    if (turns.length === 0 && !isTyped) throw new TypeError(noPrompt);
    output.result({ id: conversation.id, turns, messages: conversation.messages }, '');
    return undefined;
  };
  return runCommand(globals, run, offlineOptions(flags, globals));
}

async function open(
  store: ConversationStore,
  flags: ChatFlags,
  configured: string | undefined,
): Promise<Conversation> {
  const { system } = flags;
  if (flags.continue === undefined) {
    const model = flags.model ?? configured;
    return store.begin({
      ...(model === undefined ? {} : { model }),
      ...(system === undefined ? {} : { system }),
    });
  }
  if (system !== undefined)
    throw new TypeError('--system begins a conversation; it cannot be changed later.');
  return store.find(flags.continue === true ? undefined : flags.continue);
}

async function answer(
  { toolkit, output, signal }: Context,
  store: ConversationStore,
  conversation: Conversation,
  prompt: string,
  flags: ChatFlags,
): Promise<{ readonly turn: TurnReport; readonly next: Conversation }> {
  const client = await toolkit.client();
  const model = flags.model ?? conversation.model;
  const maxTokens = flags.maxTokens ?? toolkit.config.maxTokens;
  const temperature = flags.temperature ?? toolkit.config.temperature;
  const options: GenerateOptions = {
    signal,
    cache: { mode: cacheMode(flags) },
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
  const messages = [...conversation.messages, { role: 'user' as const, content: prompt }];
  for await (const event of client.generateStreaming(messages, options)) {
    if (event.type === 'text') output.stream(event.text);
    if (event.type !== 'done') continue;
    const { generation } = event;
    if (!generation.text.endsWith('\n')) output.stream('\n');
    output.endStream();
    const next = await store.append(conversation, { prompt, answer: generation.text });
    const cost = await costOf(toolkit, generation);
    output.notice(summarize(generation, cost));
    const { cache } = generation;
    return { turn: { prompt, answer: generation.text, model: generation.model, cache, ...cost }, next };
  }
  throw new Error('The stream ended without an answer.');
}

/** Typed or piped lines. Empty lines are skipped when piped, and end typed input. Fails with the reason of `signal`. */
async function* prompts(isTyped: boolean, signal: AbortSignal): AsyncGenerator<string> {
  if (isTyped) assumeSize();
  const lines = createInterface({
    input: process.stdin,
    ...(isTyped ? { output: process.stdout, prompt: '> ' } : {}),
  });
  // On a terminal, readline intercepts Ctrl-C.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const stop = (): void => lines.close();
  signal.addEventListener('abort', stop);
  try {
    if (isTyped) lines.prompt();
    for await (const line of lines as AsyncIterable<string> & Interface) {
      if (line.trim() === '') {
        if (isTyped) return;
        continue;
      }
      yield line;
      if (isTyped) lines.prompt();
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    lines.close();
  }
}

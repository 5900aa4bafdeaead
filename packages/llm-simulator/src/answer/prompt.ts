import type { AnswerDirectives } from './directives.js';

export interface Turn {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly text: string;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the arguments; undefined for a free-text (custom) tool. */
  readonly schema: unknown;
  readonly kind: 'function' | 'custom';
}

export type ToolChoice =
  | { readonly mode: 'auto' | 'none' | 'required' }
  | { readonly mode: 'named'; readonly name: string };

export type AnswerFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | { readonly type: 'schema'; readonly schema: unknown };

/** A request of any surface, reduced to what decides the answer. */
export interface Prompt {
  readonly model: string;
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly parallelTools: boolean;
  readonly format: AnswerFormat;
  readonly stops: readonly string[];
  readonly maxTokens: number | undefined;
  readonly reasoning: boolean;
  /** How many answers are wanted (`n`). */
  readonly choices: number;
  readonly stream: boolean;
  readonly directives: AnswerDirectives;
  /** Depends on everything that may change the answer, never on how it is delivered. */
  readonly seed: number;
  readonly usage: InputUsage;
}

/** Input tokens as billed: `total` includes the two parts that touched the provider's prompt cache. */
export interface InputUsage {
  readonly total: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** The user's last message; empty if there is none. */
export function lastUserText(prompt: Prompt): string {
  return prompt.turns.findLast((turn) => turn.role === 'user')?.text ?? '';
}

/** The results of tools since the model last spoke; empty if the last turn is not one. */
export function freshToolResults(prompt: Prompt): readonly string[] {
  const results: string[] = [];
  for (let index = prompt.turns.length - 1; index >= 0; index -= 1) {
    const turn = prompt.turns[index];
    if (turn?.role !== 'tool') break;
    results.unshift(turn.text);
  }
  return results;
}

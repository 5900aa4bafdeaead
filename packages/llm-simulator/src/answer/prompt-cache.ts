import { hash } from 'node:crypto';
import { CHARACTERS_PER_TOKEN } from '../tokens.js';

/**
 * The provider's own prompt cache, as far as usage shows it: how much of a prompt was read from it and (Anthropic only) written to it.
 * Prompts below 1,024 tokens are never cached, as with the real ones.
 */
export interface PromptCache {
  /** OpenAI's automatic cache: tokens of the longest known prefix, a multiple of 128. */
  readAutomatic(model: string, text: string): number;
  /** Anthropic's explicit cache: `prefixes` are the prompt up to each mark, shortest first. */
  readMarked(model: string, prefixes: readonly string[]): { read: number; written: number };
}

const LEAST_TOKENS = 1_024;
const STEP_TOKENS = 128;
const MAX_ENTRIES = 4_096;

export function createPromptCache(): PromptCache {
  const known = new Set<string>();
  const remember = (key: string): void => {
    const oldest = known.size >= MAX_ENTRIES ? known.values().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    known.add(key);
  };
  return {
    readAutomatic(model, text) {
      let read = 0;
      // Lengths grow by half rather than by one step each, so that a long prompt needs few digests.
      for (
        let tokens = LEAST_TOKENS;
        tokens * CHARACTERS_PER_TOKEN <= text.length;
        tokens = nextLength(tokens)
      ) {
        const key = digest(model, text.slice(0, tokens * CHARACTERS_PER_TOKEN));
        if (known.has(key)) read = tokens;
        else remember(key);
      }
      return read;
    },
    readMarked(model, prefixes) {
      let read = 0;
      let last = 0;
      for (const prefix of prefixes) {
        const tokens = Math.ceil(prefix.length / CHARACTERS_PER_TOKEN);
        if (tokens < LEAST_TOKENS) continue;
        const key = digest(model, prefix);
        if (known.has(key)) read = tokens;
        else remember(key);
        last = tokens;
      }
      return { read, written: last - read };
    },
  };
}

function nextLength(tokens: number): number {
  return Math.ceil((tokens * 1.5) / STEP_TOKENS) * STEP_TOKENS;
}

function digest(model: string, text: string): string {
  return hash('sha1', `${model}\n${text}`, 'base64');
}

import { asList, asString, isObject } from '../json.js';
import { TOKENS_PER_MESSAGE, tokensOfLength } from '../tokens.js';

/** Any part of a message that is not text (an image, a file, audio) costs this flat. */
const TOKENS_PER_OTHER_PART = 85;

export interface Content {
  readonly text: string;
  /** Parts that are not text. */
  readonly others: number;
}

const NO_CONTENT: Content = { text: '', others: 0 };

/** The text of a message's content: a string, or a list of parts with `text`, `refusal`, `thinking` or nested content. */
export function readContent(content: unknown): Content {
  if (typeof content === 'string') return { text: content, others: 0 };
  if (!Array.isArray(content)) return NO_CONTENT;
  const texts: string[] = [];
  let others = 0;
  for (const part of content) {
    const text = isObject(part)
      ? (asString(part.text) ?? asString(part.refusal) ?? asString(part.thinking))
      : asString(part);
    if (text === undefined) others += 1;
    else texts.push(text);
  }
  return { text: texts.join('\n'), others };
}

/** Adds up what a prompt costs; see "Tokens" in the README for the rule. */
export interface InputCounter {
  message(content: Content): void;
  /** Text outside of messages: instructions, or tools as JSON. */
  text(text: string): void;
  tokens(): number;
}

export function createInputCounter(): InputCounter {
  let characters = 0;
  let flat = 0;
  return {
    message(content) {
      characters += content.text.length;
      flat += TOKENS_PER_MESSAGE + content.others * TOKENS_PER_OTHER_PART;
    },
    text(text) {
      characters += text.length;
    },
    tokens: () => tokensOfLength(characters) + flat,
  };
}

/** The tools of a request as JSON text, for counting; empty without tools. */
export function toolsText(tools: unknown): string {
  return asList(tools).length === 0 ? '' : JSON.stringify(tools);
}

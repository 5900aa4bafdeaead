import type { AiClient, GenerateOptions, Generation } from './ai-client.js';
import { askUntilValid, type Checked, type TurnOptions } from './ask-until-valid.js';
import { toMessages } from './chat-message.js';
import { checkPrompt } from './check-prompt.js';
import { hopeless } from './hopeless.js';
import { jsonForm } from './json-form.js';
import type { Message, Prompt } from './message.js';
import { parseJsonAnswer } from './parse-json-answer.js';
import { checkSchema, type Schema, validate } from './schema.js';

export interface GenerateJsonOptions
  extends Omit<GenerateOptions, 'tools' | 'toolChoice' | 'parallelToolCalls' | 'responseFormat'> {
  /** Name of the schema as shown to the model: up to 64 letters, digits, `_` and `-`. Default `answer`. */
  readonly schemaName?: string;
  /**
   * How JSON is requested: by its schema, which the provider enforces; as any JSON object; or only in words, for a server that supports
   * neither. The latter two put an instruction into the system message, with the schema if there is one. Default: `schema` if a JSON schema
   * can be derived, else `object`.
   */
  readonly format?: 'schema' | 'object' | 'text';
  /** With `schema`: whether to use the provider's strict mode. Default: if it supports everything in the schema. */
  readonly strict?: boolean;
  /** How many times an invalid answer is sent back. Default 1. */
  readonly repairs?: number;
}

/** A value that matches its schema. */
export interface JsonGeneration<T> {
  readonly value: T;
  /** The answer that it was parsed from. */
  readonly generation: Generation;
  /** Earlier answers that did not match. They cost tokens as well. */
  readonly rejected: readonly Generation[];
}

/** Implements `AiClient.generateJson` by `generate`. */
export function generateJson<T>(
  generate: AiClient['generate'],
  prompt: Prompt,
  schema: Schema<T>,
  options: GenerateJsonOptions = {},
): Promise<JsonGeneration<T>> {
  const { schemaName: _name, format: _format, strict: _strict, repairs, ...rest } = options;
  checkPrompt(prompt);
  checkSchema('schema', schema);
  const form = jsonForm(schema, options);

  async function check(generation: Generation): Promise<Checked<T>> {
    const output = generation.text;
    const parsed = parseJsonAnswer(output);
    const checked = 'problem' in parsed ? parsed : await validate(schema, form.unwrap(parsed.json));
    return 'value' in checked ? checked : (hopeless(generation) ?? { ...checked, output });
  }

  const ask = (messages: readonly Message[], turn: TurnOptions): Promise<Generation> =>
    generate(messages, { ...rest, ...form.options, ...turn });
  return askUntilValid({ messages: toMessages(prompt), ask, check, complain }, rest, repairs);
}

function complain({ text }: Generation, problem: string): Message[] {
  const complaint = `That is not what was asked for:\n${problem}\nAnswer again with the whole JSON, corrected, and nothing else.`;
  return [
    // Most providers reject an empty message.
    ...(text === '' ? [] : [{ role: 'assistant', content: text } as const]),
    { role: 'user', content: complaint },
  ];
}

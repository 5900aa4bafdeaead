import { show } from '../check.js';
import type { AiClient, GenerateOptions, Generation } from './ai-client.js';
import { askUntilValid, type Checked, type TurnOptions } from './ask-until-valid.js';
import { toMessages } from './chat-message.js';
import { checkPrompt } from './check-prompt.js';
import { hopeless } from './hopeless.js';
import type { Message, Prompt } from './message.js';
import { checkSchema, jsonSchemaOf, type Schema, type SchemaOutput, validate } from './schema.js';
import { strictSchema } from './strict-schema.js';
import type { Tool, ToolChoice } from './tool.js';

/** A function whose arguments the model fills in. */
export interface FunctionDefinition<Name extends string, S extends Schema<unknown>> {
  readonly name: Name;
  /** When to call it and what for; read by the model. */
  readonly description?: string;
  /** Schema of the arguments, which must be an object. */
  readonly parameters: S;
}

export type AnyFunction = FunctionDefinition<string, Schema<unknown>>;

export interface FunctionOptions
  extends Omit<GenerateOptions, 'tools' | 'toolChoice' | 'parallelToolCalls' | 'responseFormat'> {
  /** How many times invalid arguments are sent back. Default 1. */
  readonly repairs?: number;
}

/** The chosen function and its validated arguments; a union discriminated by `name`. */
export type FunctionCall<F extends AnyFunction> =
  F extends FunctionDefinition<infer Name, infer S>
    ? {
        readonly name: Name;
        readonly arguments: SchemaOutput<S>;
        /** The answer that the call was read from. */
        readonly generation: Generation;
        /** Earlier answers that did not pass. They cost tokens as well. */
        readonly rejected: readonly Generation[];
      }
    : never;

/** Implements `AiClient.callFunction` by `generate`. */
export async function callFunction<const F extends AnyFunction>(
  generate: AiClient['generate'],
  prompt: Prompt,
  functions: F | readonly F[],
  options: FunctionOptions = {},
): Promise<FunctionCall<F>> {
  const { repairs, ...rest } = options;
  checkPrompt(prompt);
  const known: readonly AnyFunction[] = isList(functions) ? functions : [functions];
  const tools = known.map(toTool);
  const [only, ...others] = tools;
  if (only === undefined) throw new TypeError('functions must hold at least one function, got an empty list');
  const toolChoice: ToolChoice = others.length === 0 ? { name: only.name } : 'required';
  const ask = (messages: readonly Message[], turn: TurnOptions): Promise<Generation> =>
    generate(messages, { ...rest, tools, toolChoice, parallelToolCalls: false, ...turn });
  const check = async (generation: Generation): Promise<Checked<CheckedCall>> => {
    const checked = await readCall(generation, known);
    return 'value' in checked ? checked : (hopeless(generation) ?? checked);
  };
  const question = { messages: toMessages(prompt), ask, check, complain };
  const { value, generation, rejected } = await askUntilValid(question, rest, repairs);
  // The name is one of those given, and the arguments have passed its schema.
  return { ...value, generation, rejected } as FunctionCall<F>;
}

function isList<F>(functions: F | readonly F[]): functions is readonly F[] {
  return Array.isArray(functions);
}

function toTool(definition: AnyFunction, index: number): Tool {
  const { name, description, parameters } = (definition ?? {}) as AnyFunction;
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`functions[${index}].name must be a non-empty string, got ${show(name)}`);
  checkSchema(`parameters of ${JSON.stringify(name)}`, parameters);
  const schema = jsonSchemaOf(parameters);
  if (schema?.type !== 'object') {
    throw new TypeError(
      `parameters of ${JSON.stringify(name)} must have a JSON schema whose root is an object; give { jsonSchema, validate } where the library of the schema tells none`,
    );
  }
  const closed = strictSchema(schema);
  return {
    name,
    ...(description === undefined ? {} : { description }),
    parameters: closed ?? schema,
    ...(closed === undefined ? {} : { strict: true }),
  };
}

interface CheckedCall {
  readonly name: string;
  readonly arguments: unknown;
}

async function readCall(
  { text, toolCalls = [] }: Generation,
  known: readonly AnyFunction[],
): Promise<Checked<CheckedCall>> {
  const [call] = toolCalls;
  if (call === undefined) return { problem: 'No function was called.', output: text };
  const output = call.argumentsText ?? JSON.stringify(call.arguments);
  const called = known.find(({ name }) => name === call.name);
  if (called === undefined) return { problem: `There is no function ${JSON.stringify(call.name)}.`, output };
  if (call.argumentsText !== undefined) return { problem: 'The arguments are not JSON.', output };
  const validated = await validate(called.parameters, call.arguments);
  return 'value' in validated
    ? { value: { name: call.name, arguments: validated.value } }
    : { ...validated, output };
}

/** Providers require a result for every tool call before the conversation goes on. */
function complain({ text, toolCalls = [] }: Generation, problem: string): Message[] {
  const complaint = `${problem}\nCall a function again, with the whole arguments, corrected.`;
  if (toolCalls.length === 0) {
    return [
      ...(text === '' ? [] : [{ role: 'assistant', content: text } as const]),
      { role: 'user', content: complaint },
    ];
  }
  return [
    { role: 'assistant', content: text, toolCalls },
    ...toolCalls.map(({ id }) => ({ role: 'tool', toolCallId: id, content: complaint }) as const),
  ];
}

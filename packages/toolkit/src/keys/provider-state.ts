import type { Surface } from '@ai-toolkit/ai-client';

type Fields = Readonly<Record<string, unknown>>;
type Generating = Exclude<Surface, 'embeddings'>;

/** Fields that make the provider read what the request does not contain, by surface. */
const fieldsElsewhere: Readonly<Record<Generating, readonly string[]>> = {
  // Results of a web search become input.
  chat: ['web_search_options'],
  // Earlier turns, and a prompt, which the provider has stored.
  responses: ['previous_response_id', 'conversation', 'prompt'],
  // Files of a container, and what a thread has stored.
  messages: ['container', 'thread'],
};

/**
 * Types of tools that the caller executes, by surface: their results come in a later request, which counts them. The
 * results of all other tools become input while the provider answers. Types of Anthropic's tools end with a date.
 */
const callerSideTools: Readonly<Record<Generating, RegExp>> = {
  chat: /^(?:function|custom)$/,
  responses: /^(?:function|custom|local_shell|apply_patch|computer|computer_use_preview)$/,
  messages: /^(?:custom$|bash_|text_editor_|memory_|computer_)/,
};

/** Whether the provider reads input that the request does not contain, so that its size says nothing about its cost. */
export function readsElsewhere(surface: Surface, body: Fields): boolean {
  if (surface === 'embeddings') return false;
  if (fieldsElsewhere[surface].some((name) => isGiven(body[name]))) return true;
  if (surface === 'messages' && objectsIn(body.mcp_servers).length > 0) return true;
  if (surface === 'responses' && objectsIn(body.input).some(isReference)) return true;
  return toolsOf(surface, body).some(({ type }) => !isCallerSide(surface, type));
}

/** Only a message may leave out its type as well, but it has a role. */
function isReference({ type, role }: Fields): boolean {
  return type === 'item_reference' || !(isGiven(type) || isGiven(role));
}

/** All tools; those of responses may be in a namespace, or be added by the input. */
function toolsOf(surface: Generating, body: Fields): readonly Fields[] {
  if (surface !== 'responses') return objectsIn(body.tools);
  const added = objectsIn(body.input).filter(({ type }) => type === 'additional_tools');
  return [body, ...added]
    .flatMap(({ tools }) => objectsIn(tools))
    .flatMap((tool) => (tool.type === 'namespace' ? objectsIn(tool.tools) : [tool]));
}

/** Only Anthropic's tools may leave out their type: the caller executes such a tool. */
function isCallerSide(surface: Generating, type: unknown): boolean {
  if (!isGiven(type)) return surface === 'messages';
  return typeof type === 'string' && callerSideTools[surface].test(type);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function objectsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}

import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';

/**
 * Tools that run at the caller. Any other kind runs at the provider, or works on a screen, and its answer changes with the
 * world.
 */
const callerSideTools: ReadonlySet<unknown> = new Set(['function', 'custom', 'local_shell', 'apply_patch']);

/**
 * Why the answer to a request must not be cached: it is built on state that the provider keeps, or on a world that the
 * request does not show, so that the same request may deserve another answer.
 *
 * `store` is no reason. It is on by default, and a replayed answer carries the id of a response that the provider still
 * has: whoever refers to it later refers to the same text.
 */
export function responseBypassReason(request: JsonObject): string | undefined {
  if (request.background === true) return 'it runs in the background';
  for (const name of ['previous_response_id', 'conversation'])
    if (isGiven(request[name])) return `${name} refers to state at the provider`;
  if (isJsonObject(request.prompt) && !isGiven(request.prompt.version))
    return 'the latest version of a prompt that is kept at the provider may be another one';
  const tool = toolsOf(request).find(({ type }) => !callerSideTools.has(type));
  if (tool !== undefined) return `tool ${JSON.stringify(tool.type)} runs at the provider`;
  return inputReason(request);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** All tools, those in namespaces and those that the input adds included. */
function toolsOf(request: JsonObject): JsonObject[] {
  const added = jsonObjects(request.input).filter(({ type }) => type === 'additional_tools');
  return [request, ...added].flatMap((holder) => jsonObjects(holder.tools)).flatMap(withoutNamespace);
}

function withoutNamespace(tool: JsonObject): JsonObject[] {
  return tool.type === 'namespace' ? jsonObjects(tool.tools) : [tool];
}

function inputReason({ input, prompt }: JsonObject): string | undefined {
  const variables =
    isJsonObject(prompt) && isJsonObject(prompt.variables) ? Object.values(prompt.variables) : [];
  if (variables.filter(isJsonObject).some(isElsewhere)) return elsewhere;
  for (const item of jsonObjects(input)) {
    if (item.type === 'item_reference') return 'item_reference refers to state at the provider';
    const parts = [...jsonObjects(item.content), ...jsonObjects(item.output)];
    if (isJsonObject(item.output)) parts.push(item.output);
    if (parts.some(isElsewhere)) return elsewhere;
  }
  return undefined;
}

const elsewhere = 'what its URLs point at may change';

/** An image or a file that the provider fetches. A `data:` URL holds its content, and so has it in the key. */
function isElsewhere({ image_url, file_url }: JsonObject): boolean {
  return [image_url, file_url].some((url) => typeof url === 'string' && !url.startsWith('data:'));
}

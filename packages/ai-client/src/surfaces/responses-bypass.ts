import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';

/**
 * Tools executed by the caller. All others run at the provider or operate a screen, so that the answer depends on the state of the world.
 */
const callerSideTools: ReadonlySet<unknown> = new Set(['function', 'custom', 'local_shell', 'apply_patch']);

/**
 * Why the answer to a request must not be cached: it depends on state at the provider, or on something else that the request does not
 * contain, so that the same request may need another answer. `store` is not a reason. It is on by default, and a replayed answer has the id
 * of a response that the provider still stores, so that later references to it resolve to the same text.
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

/** All tools, including those in namespaces and those added by the input. */
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
    if (isReference(item)) return 'item_reference refers to state at the provider';
    const parts = [...jsonObjects(item.content), ...jsonObjects(item.output)];
    if (isJsonObject(item.output)) parts.push(item.output);
    if (parts.some(isElsewhere)) return elsewhere;
  }
  return undefined;
}

/** An item reference may omit its type. */
function isReference({ type, id, role }: JsonObject): boolean {
  return type === 'item_reference' || (isGiven(id) && !isGiven(type) && !isGiven(role));
}

const elsewhere = 'what its URLs point at may change';

/** Whether a part is an image or a file that the provider fetches. A `data:` URL contains its content, which is then part of the key. */
function isElsewhere({ image_url, file_url }: JsonObject): boolean {
  return [image_url, file_url].some((url) => typeof url === 'string' && !url.startsWith('data:'));
}

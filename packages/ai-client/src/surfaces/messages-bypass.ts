import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';

/** Prefixes of the dated types of tools that Anthropic defines and the caller executes. */
const callerSideTools: readonly string[] = ['bash_', 'text_editor_', 'memory_'];

/**
 * Why the answer to a request must not be cached: it depends on state at the provider, or on something else that the request does not
 * contain, so that the same request may need another answer.
 */
export function messageBypassReason(request: JsonObject): string | undefined {
  if (jsonObjects(request.mcp_servers).length > 0) return 'mcp_servers are asked by the provider';
  for (const name of ['container', 'thread'])
    if (isGiven(request[name])) return `${name} refers to state at the provider`;
  const tool = jsonObjects(request.tools).find(({ type }) => !isCallerSide(type));
  if (tool !== undefined) return `tool ${JSON.stringify(tool.type)} runs at the provider`;
  const isElsewhere = jsonObjects(request.messages).some(({ content }) => pointsElsewhere(content));
  return isElsewhere ? 'what its URLs point at may change' : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A tool without a type, or of type `custom`, is executed by the caller. */
function isCallerSide(type: unknown): boolean {
  if (!isGiven(type) || type === 'custom') return true;
  return typeof type === 'string' && callerSideTools.some((prefix) => type.startsWith(prefix));
}

/** Whether content has an image or a document that the provider fetches, even within a tool result. */
function pointsElsewhere(content: JsonObject[string]): boolean {
  return jsonObjects(content).some(
    ({ source, content: inner }) =>
      (isJsonObject(source) && (source.type === 'url' || pointsElsewhere(source.content))) ||
      pointsElsewhere(inner),
  );
}

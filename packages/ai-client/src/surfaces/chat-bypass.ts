import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';

/** Tools executed by the caller. All others run at the provider, so that the answer depends on the state of the world. */
const callerSideTools: ReadonlySet<unknown> = new Set(['function', 'custom']);

/** Why the answer to a request must not be cached: it depends on something that the request does not contain. */
export function chatBypassReason(request: JsonObject): string | undefined {
  if (isJsonObject(request.web_search_options)) return 'the provider searches the web for it';
  const tool = jsonObjects(request.tools).find(({ type }) => !callerSideTools.has(type));
  if (tool !== undefined) return `tool ${JSON.stringify(tool.type)} runs at the provider`;
  const isElsewhere = jsonObjects(request.messages).some(({ content }) =>
    jsonObjects(content).some(pointsElsewhere),
  );
  return isElsewhere ? 'what its URLs point at may change' : undefined;
}

/** Whether a part of a message is an image fetched by the provider: the content behind its URL may change. */
function pointsElsewhere({ image_url }: JsonObject): boolean {
  const url = isJsonObject(image_url) ? image_url.url : image_url;
  return typeof url === 'string' && !/^data:/i.test(url);
}

import { isJsonObject, type JsonObject, type JsonValue, jsonObjects } from '../json.js';

/** Tools executed by the caller. All others run at the provider, so that the answer depends on the state of the world. */
const callerSideTools: ReadonlySet<unknown> = new Set(['function', 'custom']);

/** Models of OpenAI that search the web for every answer. */
const searchModel = /-search-(?:preview|api)\b/;

/** Why the answer to a request must not be cached: it depends on something that the request does not contain. */
export function chatBypassReason(request: JsonObject): string | undefined {
  const { model, web_search_options } = request;
  if (isJsonObject(web_search_options) || (typeof model === 'string' && searchModel.test(model)))
    return 'the provider searches the web for it';
  if (jsonObjects(request.data_sources).length > 0) return 'data_sources are asked by the provider';
  const tool = jsonObjects(request.tools).find(({ type }) => !callerSideTools.has(type));
  if (tool !== undefined) return `tool ${JSON.stringify(tool.type)} runs at the provider`;
  const isElsewhere = jsonObjects(request.messages).some(({ content }) =>
    jsonObjects(content).some(pointsElsewhere),
  );
  return isElsewhere ? 'what its URLs point at may change' : undefined;
}

/** Whether a part of a message is an image, a video or a file fetched by the provider: the content behind its URL may change. */
function pointsElsewhere({ image_url, video_url, file }: JsonObject): boolean {
  return (
    [image_url, video_url].some((media) => isUrl(isJsonObject(media) ? media.url : media)) ||
    // A file may be base64 alone, without `data:`.
    (isJsonObject(file) && typeof file.file_data === 'string' && /^https?:/i.test(file.file_data))
  );
}

function isUrl(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && !/^data:/i.test(value);
}

import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { type Draft, noteForeign, refusal } from './draft.js';

interface DataUrl {
  readonly mediaType: string;
  readonly charset: string;
  readonly data: string;
}

const imageTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Parses a base64 `data:` URL; `undefined` if it is not one. Megabytes long, hence no regular expression. */
function parseDataUrl(url: string): DataUrl | undefined {
  const comma = url.indexOf(',');
  if (!url.startsWith('data:') || comma < 0) return undefined;
  const [mediaType = '', ...parameters] = url
    .slice('data:'.length, comma)
    .toLowerCase()
    .split(/\s*;\s*/);
  if (!parameters.includes('base64')) return undefined;
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return {
    mediaType,
    charset: charset?.slice('charset='.length).replaceAll('"', '') ?? 'utf-8',
    data: url.slice(comma + 1),
  };
}

/** Converts an `image_url` part to an image block. */
export function imageBlock(part: JsonObject, path: string, draft: Draft): JsonObject {
  const image = isJsonObject(part.image_url) ? part.image_url : { url: part.image_url };
  noteForeign(image, ['url', 'detail'], 'messages[].content[].image_url', draft);
  const { url, detail } = image;
  if (detail !== undefined && detail !== null && detail !== 'auto') {
    draft.notes.add('messages[].content[].image_url.detail', 'omitted', 'images are seen in one resolution');
  }
  if (typeof url !== 'string') {
    throw refusal(`${path}.image_url`, 'it has no url', 'Give an https: or data: URL.');
  }
  if (/^https?:/i.test(url)) return { type: 'image', source: { type: 'url', url } };
  const parsed = parseDataUrl(url);
  if (parsed === undefined) {
    throw refusal(
      `${path}.image_url`,
      'its url is of no known kind',
      'Give an https: URL, or data: in base64.',
    );
  }
  return base64Image(parsed, `${path}.image_url`);
}

function base64Image({ mediaType, data }: DataUrl, path: string): JsonObject {
  const type = mediaType === 'image/jpg' ? 'image/jpeg' : mediaType;
  if (!imageTypes.has(type)) {
    throw refusal(
      path,
      `${JSON.stringify(mediaType)} is no image that it reads`,
      `Convert it to one of: ${[...imageTypes].join(', ')}.`,
    );
  }
  return { type: 'image', source: { type: 'base64', media_type: type, data } };
}

/** Converts a `file` part to a document block: a PDF, plain text, an image, or a file stored at Anthropic. */
export function fileBlock(part: JsonObject, path: string, draft: Draft): JsonObject {
  const file = isJsonObject(part.file) ? part.file : {};
  noteForeign(file, ['file_id', 'file_data', 'filename'], 'messages[].content[].file', draft);
  const { file_id, file_data, filename } = file;
  const title: { title?: JsonValue } = typeof filename === 'string' ? { title: filename } : {};
  if (typeof file_id === 'string') {
    // OpenAI's ids begin with "file-".
    if (!file_id.startsWith('file_')) {
      throw refusal(
        `${path}.file.file_id`,
        'the file lies at another provider',
        'Send its content as "file_data", or the id of a file that was uploaded to Anthropic.',
      );
    }
    return { type: 'document', source: { type: 'file', file_id }, ...title };
  }
  const parsed = typeof file_data === 'string' ? parseDataUrl(file_data) : undefined;
  if (parsed === undefined) {
    throw refusal(
      `${path}.file`,
      'it has no content that can be read',
      'Give "file_data" as data:application/pdf;base64,….',
    );
  }
  const { mediaType, data } = parsed;
  if (mediaType.startsWith('image/')) return base64Image(parsed, `${path}.file`);
  if (mediaType === 'application/pdf') {
    return { type: 'document', source: { type: 'base64', media_type: mediaType, data }, ...title };
  }
  if (mediaType.startsWith('text/')) {
    const text = decoded(parsed, `${path}.file`);
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text }, ...title };
  }
  throw refusal(
    `${path}.file`,
    `${JSON.stringify(mediaType)} is no document that it reads`,
    'Send a PDF, plain text or an image.',
  );
}

function decoded({ charset, data }: DataUrl, path: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(Buffer.from(data, 'base64'));
  } catch {
    throw refusal(
      path,
      `it is no text in ${JSON.stringify(charset)}`,
      'Name its charset in the data: URL, or send it in UTF-8.',
    );
  }
}

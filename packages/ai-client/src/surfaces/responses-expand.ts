import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { writeEvent } from '../sse/events.js';
import { partsOf, type StreamedText, streamedTextOf } from './responses-parts.js';
import { textPieces } from './text-pieces.js';

/** Fields of a response that are only known at its end, with their initial values. */
const unknownYet: Readonly<JsonObject> = {
  status: 'in_progress',
  error: null,
  incomplete_details: null,
  completed_at: null,
  output: [],
  usage: null,
};

type Emit = (type: string, fields: JsonObject) => void;

/**
 * Expands a response into the events that a streamed request would have received: the start, each item with its parts and their text in
 * pieces, and the terminal event with the whole body.
 */
export function expandResponse(body: JsonObject): Uint8Array {
  const frames: string[] = [];
  const emit: Emit = (type, fields) => {
    frames.push(writeEvent(type, JSON.stringify({ type, sequence_number: frames.length, ...fields })));
  };
  if (!Array.isArray(body.output)) {
    // An error sent with status 200.
    const error = isJsonObject(body.error) ? body.error : { message: 'The answer is not a response.' };
    emit('error', { ...flat(error), error });
    return Buffer.from(frames.join(''));
  }
  const response = openResponse(body);
  emit('response.created', { response });
  emit('response.in_progress', { response });
  for (const [index, item] of jsonObjects(body.output).entries()) emitItem(emit, item, index);
  const { status } = body;
  // A body with any other status is not final, so no terminal event follows.
  if (status === 'completed' || status === 'incomplete' || status === 'failed')
    emit(`response.${status}`, { response: body });
  return Buffer.from(frames.join(''));
}

function flat({ code = null, message = '', param = null }: JsonObject): JsonObject {
  return { code, message, param };
}

function openResponse(body: JsonObject): JsonObject {
  const response: JsonObject = { ...body };
  for (const [name, value] of Object.entries(unknownYet)) if (name in body) response[name] = value;
  return response;
}

function emitItem(emit: Emit, item: JsonObject, index: number): void {
  const place: JsonObject = { item_id: item.id ?? null, output_index: index };
  const own = streamedTextOf(item);
  const summary = partsOf(item, 'summary');
  const content = partsOf(item, 'content');
  const opened: JsonObject = {
    ...item,
    ...(item.status === undefined ? {} : { status: 'in_progress' }),
    ...(own === undefined ? {} : { [own.field]: '' }),
    ...(summary === undefined ? {} : { summary: [] }),
    ...(content === undefined ? {} : { content: [] }),
  };
  emit('response.output_item.added', { output_index: index, item: opened });
  if (own !== undefined) emitText(emit, place, own, item);
  for (const [position, part] of (summary ?? []).entries())
    emitPart(emit, 'response.reasoning_summary_part', { ...place, summary_index: position }, part);
  for (const [position, part] of (content ?? []).entries())
    emitPart(emit, 'response.content_part', { ...place, content_index: position }, part);
  emit('response.output_item.done', { output_index: index, item });
}

function emitPart(emit: Emit, event: string, place: JsonObject, part: JsonObject): void {
  const text = streamedTextOf(part);
  const opened: JsonObject = {
    ...part,
    ...(text === undefined ? {} : { [text.field]: '' }),
    ...(Array.isArray(part.annotations) ? { annotations: [] } : {}),
    ...(Array.isArray(part.logprobs) ? { logprobs: [] } : {}),
  };
  emit(`${event}.added`, { ...place, part: opened });
  if (text !== undefined) emitText(emit, place, text, part);
  emit(`${event}.done`, { ...place, part });
}

function emitText(
  emit: Emit,
  place: JsonObject,
  { event, field, type, text }: StreamedText & { readonly text: string },
  holder: JsonObject,
): void {
  const spoken = type === 'output_text';
  for (const { delta, logprobs } of spoken ? spokenPieces(text, holder) : silentPieces(text))
    emit(`${event}.delta`, { ...place, delta, ...(spoken ? { logprobs } : {}) });
  for (const [position, annotation] of jsonObjects(holder.annotations).entries())
    emit('response.output_text.annotation.added', { ...place, annotation_index: position, annotation });
  const probabilities = spoken ? { logprobs: jsonObjects(holder.logprobs) } : {};
  emit(`${event}.done`, { ...place, [field]: text, ...probabilities });
}

interface Piece {
  readonly delta: string;
  readonly logprobs: JsonObject[];
}

function silentPieces(text: string): Piece[] {
  return textPieces(text).map((delta) => ({ delta, logprobs: [] }));
}

/** One piece per token, with its probability, if the tokens are known. */
function spokenPieces(text: string, part: JsonObject): Piece[] {
  const logprobs = jsonObjects(part.logprobs);
  const tokens = logprobs.map(({ token }) => (typeof token === 'string' ? token : ''));
  if (logprobs.length > 0 && tokens.join('') === text)
    return logprobs.map((logprob, index) => ({ delta: tokens[index] ?? '', logprobs: [logprob] }));
  return silentPieces(text).map((piece, index) => (index === 0 ? { ...piece, logprobs } : piece));
}

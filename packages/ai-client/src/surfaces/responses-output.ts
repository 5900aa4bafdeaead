import { isJsonObject, type JsonObject, type JsonValue, jsonObjects } from '../json.js';
import type { Repetition } from './event-folder.js';
import { partsOf, type StreamedText, streamedTexts } from './responses-parts.js';

const textOfEvent: ReadonlyMap<string, StreamedText> = new Map(
  streamedTexts.flatMap((text) => [
    [`${text.event}.delta`, text],
    [`${text.event}.done`, text],
  ]),
);

/**
 * Folds the output of a response from its stream events, for servers whose terminal event omits it. Events about unannounced items are
 * ignored.
 */
export class OutputFolder {
  private readonly items: Map<number, JsonObject> = new Map();

  /** Adds one event; ignores those that do not concern the output. */
  add(type: string, event: JsonObject): Repetition | undefined {
    const position = indexAt(event, 'output_index');
    if (type === 'response.output_item.added' || type === 'response.output_item.done') {
      if (isJsonObject(event.item)) this.items.set(position, event.item);
      return undefined;
    }
    const item = this.items.get(position);
    return item && addToItem(item, type, event);
  }

  /** The items so far, in order. */
  get output(): JsonObject[] {
    return [...this.items].sort(([a], [b]) => a - b).map(([, item]) => item);
  }
}

function addToItem(item: JsonObject, type: string, event: JsonObject): Repetition | undefined {
  const text = textOfEvent.get(type);
  if (text !== undefined) {
    const { place } = text;
    const holder =
      place === undefined ? item : partAt(item, place.list, indexAt(event, place.index), text.type);
    return addText(holder, text, type, event);
  }
  switch (type) {
    case 'response.content_part.added':
    case 'response.content_part.done':
      putPart(item, 'content', indexAt(event, 'content_index'), event.part);
      break;
    case 'response.reasoning_summary_part.added':
    case 'response.reasoning_summary_part.done':
      putPart(item, 'summary', indexAt(event, 'summary_index'), event.part);
      break;
    case 'response.output_text.annotation.added': {
      const part = partAt(item, 'content', indexAt(event, 'content_index'), 'output_text');
      const annotations = Array.isArray(part.annotations) ? part.annotations : [];
      const index = Math.min(indexAt(event, 'annotation_index'), annotations.length);
      if (event.annotation !== undefined) annotations[index] = event.annotation;
      part.annotations = annotations;
      break;
    }
  }
  return undefined;
}

/** Fields that differ from event to event, and are not part of the output. */
const countingFields: ReadonlySet<string> = new Set(['sequence_number', 'obfuscation']);

function addText(
  holder: JsonObject,
  { field }: StreamedText,
  type: string,
  event: JsonObject,
): Repetition | undefined {
  if (type.endsWith('.done')) {
    if (typeof event[field] === 'string') holder[field] = event[field];
    return undefined;
  }
  const { delta } = event;
  const append = (text: string): void => {
    const before = holder[field];
    holder[field] = typeof before === 'string' ? before + text : text;
  };
  if (typeof delta === 'string') append(delta);
  const logprobs = jsonObjects(event.logprobs);
  if (logprobs.length === 0)
    return typeof delta === 'string'
      ? { name: 'delta', value: delta, others: countingFields, append }
      : undefined;
  if (Array.isArray(holder.logprobs)) holder.logprobs.push(...logprobs);
  else holder.logprobs = logprobs;
  return undefined;
}

function partAt(item: JsonObject, list: 'content' | 'summary', index: number, type: string): JsonObject {
  const part = partsOf(item, list)?.[index];
  if (part !== undefined) return part;
  const made: JsonObject = { type };
  putPart(item, list, index, made);
  return made;
}

function putPart(
  item: JsonObject,
  list: 'content' | 'summary',
  index: number,
  part: JsonValue | undefined,
): void {
  if (!isJsonObject(part)) return;
  const parts = partsOf(item, list) ?? [];
  // A position beyond the end would leave a hole in the array.
  parts[Math.min(index, parts.length)] = part;
  item[list] = parts;
}

function indexAt(event: JsonObject, name: string): number {
  const index = event[name];
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : 0;
}

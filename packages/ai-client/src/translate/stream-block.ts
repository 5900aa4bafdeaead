import { type JsonObject, type JsonValue, jsonObjects, parseJsonObject } from '../json.js';
import { blockDetail, isReasoning } from './block-details.js';
import { annotationsOf } from './chat-finish.js';

/** A content block being streamed: converts its events to chat deltas, and tracks what these cannot express. */
export class StreamBlock {
  private readonly start: JsonObject;
  private readonly index: number;
  /** Position among the tool calls of the message, for a tool call. */
  private readonly callIndex: number;
  private readonly citations: JsonObject[];
  private textLength = 0;
  private json = '';
  private calledWithArguments = false;

  constructor(start: JsonObject, index: number, callIndex: number) {
    this.start = start;
    this.index = index;
    this.callIndex = callIndex;
    this.citations = jsonObjects(start.citations);
  }

  get isToolCall(): boolean {
    return this.start.type === 'tool_use';
  }

  /** The deltas for the content of its start event. Servers that do not really stream put the whole block into it. */
  open(): JsonObject[] {
    const { start, index } = this;
    if (start.type === 'text') return this.text(start.text);
    if (start.type === 'tool_use') {
      const { id, name } = start;
      return [this.call({ id: id ?? '', type: 'function', function: { name: name ?? '', arguments: '' } })];
    }
    if (!isReasoning(start)) return [];
    const details: JsonObject = { reasoning_details: [{ ...start, index }] };
    return isText(start.thinking) ? [{ reasoning_content: start.thinking, ...details }] : [details];
  }

  delta(delta: JsonObject): JsonObject[] {
    switch (delta.type) {
      case 'text_delta':
        return this.text(delta.text);
      case 'thinking_delta':
        return isText(delta.thinking) ? [this.thought({ thinking: delta.thinking }, delta.thinking)] : [];
      case 'signature_delta':
        return isText(delta.signature) ? [this.thought({ signature: delta.signature })] : [];
      case 'input_json_delta':
        return isText(delta.partial_json) ? this.input(delta.partial_json) : [];
      case 'citations_delta':
        this.citations.push(...jsonObjects([delta.citation ?? null]));
        return [];
      default:
        // Anthropic's versioning allows new kinds of deltas, and asks clients to ignore unknown ones.
        return [];
    }
  }

  /** The deltas still due at the end of the block. */
  close(): JsonObject[] {
    if (!this.isToolCall || this.calledWithArguments) return [];
    // A call without arguments streams none; an empty string is not JSON, and breaks clients.
    return [this.call({ function: { arguments: JSON.stringify(this.start.input ?? {}) } })];
  }

  detail(): JsonObject {
    return blockDetail(this.whole(), this.index, this.textLength);
  }

  annotations(start: number): JsonObject[] {
    return annotationsOf({ citations: this.citations }, start, this.textLength);
  }

  /** Length of its text in UTF-16 code units. */
  get length(): number {
    return this.textLength;
  }

  private whole(): JsonObject {
    const { start, citations } = this;
    if (start.type === 'text') return citations.length === 0 ? start : { ...start, citations };
    // Tools that run at the provider stream their input as well.
    return this.json === '' || this.isToolCall
      ? start
      : { ...start, input: parseJsonObject(this.json) ?? start.input ?? null };
  }

  private text(value: JsonValue | undefined): JsonObject[] {
    if (!isText(value)) return [];
    this.textLength += value.length;
    return [{ content: value }];
  }

  private thought(fields: JsonObject, words?: string): JsonObject {
    const details = { reasoning_details: [{ index: this.index, ...fields }] };
    return words === undefined ? details : { reasoning_content: words, ...details };
  }

  private input(piece: string): JsonObject[] {
    if (!this.isToolCall) {
      this.json += piece;
      return [];
    }
    this.calledWithArguments = true;
    return [this.call({ function: { arguments: piece } })];
  }

  private call(fields: JsonObject): JsonObject {
    return { tool_calls: [{ index: this.callIndex, ...fields }] };
  }
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

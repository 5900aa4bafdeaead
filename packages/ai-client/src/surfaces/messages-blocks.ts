import { parseExactJson } from '../exact-json.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { mergeDelta } from './merge-delta.js';

/** Folds the content blocks of a message from their stream events. */
export class BlockFolder {
  private readonly blocks: Map<number, FoldingBlock> = new Map();

  start(index: number, block: JsonObject): void {
    this.blocks.set(index, { block, inputText: '', closed: false });
  }

  add(index: number, delta: JsonObject): void {
    const folding = this.blocks.get(index);
    if (folding !== undefined) addDelta(folding, delta);
  }

  /** Appends the text of a delta of a known form. `field` is the delta's field with the text. */
  append(index: number, field: string, text: string): void {
    const folding = this.blocks.get(index);
    if (folding === undefined) return;
    if (field === 'partial_json') {
      folding.inputText += text;
      return;
    }
    const before = folding.block[field];
    folding.block[field] = typeof before === 'string' ? before + text : text;
  }

  stop(index: number): void {
    const folding = this.blocks.get(index);
    if (folding !== undefined) folding.closed = true;
  }

  /** The blocks in order; `whole` if every block was closed and its input is JSON. */
  finish(): { readonly content: JsonObject[]; readonly whole: boolean } {
    const content: JsonObject[] = [];
    let whole = true;
    for (const [, { block, inputText, closed }] of [...this.blocks].sort(([a], [b]) => a - b)) {
      const input = inputText === '' ? undefined : parseInput(inputText);
      if (input !== undefined) block.input = input;
      whole &&= closed && (inputText === '' || input !== undefined);
      content.push(block);
    }
    return { content, whole };
  }
}

interface FoldingBlock {
  block: JsonObject;
  /** The JSON of a tool's input so far. */
  inputText: string;
  closed: boolean;
}

function addDelta(folding: FoldingBlock, { type, ...delta }: JsonObject): void {
  const { block } = folding;
  switch (type) {
    case 'input_json_delta':
      if (typeof delta.partial_json === 'string') folding.inputText += delta.partial_json;
      break;
    case 'citations_delta':
      if (delta.citation === undefined) break;
      if (Array.isArray(block.citations)) block.citations.push(delta.citation);
      else block.citations = [delta.citation];
      break;
    // Both are sent once, complete.
    case 'signature_delta':
    case 'compaction_delta':
      folding.block = { ...block, ...delta };
      break;
    default: {
      // A rough progress count of thinking tokens: not a field of the block.
      const { estimated_tokens: _progress, ...rest } = delta;
      // Text, thinking and future kinds: each delta continues the previous one.
      mergeDelta(block, rest);
    }
  }
}

/** The model that takes over from this block on, if the provider fell back to another; a message names the last one. */
export function fallbackModel({ type, to }: JsonObject): string | undefined {
  return type === 'fallback' && isJsonObject(to) && typeof to.model === 'string' ? to.model : undefined;
}

/** Parses a tool's input; `undefined` if it is truncated or not JSON, as models may write anything. */
function parseInput(text: string): JsonValue | undefined {
  try {
    return parseExactJson(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Splits a block into its initial form and its deltas. */
export function unfoldBlock(block: JsonObject, pieces: (text: string) => string[]): UnfoldedBlock {
  const { type } = block;
  if (type === 'text' && typeof block.text === 'string') {
    const { citations } = block;
    return {
      start: { ...block, text: '', ...(Array.isArray(citations) ? { citations: [] } : {}) },
      deltas: [
        ...pieces(block.text).map((text) => ({ type: 'text_delta', text })),
        ...(Array.isArray(citations)
          ? citations.map((citation) => ({ type: 'citations_delta', citation }))
          : []),
      ],
    };
  }
  if (type === 'thinking' && typeof block.thinking === 'string') {
    const { signature } = block;
    const signed = typeof signature === 'string';
    return {
      start: { ...block, thinking: '', ...(signed ? { signature: '' } : {}) },
      deltas: [
        ...pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
        ...(signed ? [{ type: 'signature_delta', signature }] : []),
      ],
    };
  }
  // Tools of the caller and of the provider: `tool_use`, `server_tool_use`, `mcp_tool_use`.
  if (typeof type === 'string' && type.endsWith('tool_use') && isJsonObject(block.input)) {
    const json = Object.keys(block.input).length === 0 ? '' : JSON.stringify(block.input);
    return {
      start: { ...block, input: {} },
      // The API begins with an empty piece.
      deltas: ['', ...pieces(json)].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    };
  }
  if (type === 'compaction') {
    const { content = null, encrypted_content } = block;
    const final: JsonObject = { content, ...(encrypted_content === undefined ? {} : { encrypted_content }) };
    return {
      start: {
        ...block,
        content: null,
        ...(encrypted_content === undefined ? {} : { encrypted_content: null }),
      },
      deltas: [{ type: 'compaction_delta', ...final }],
    };
  }
  return { start: block, deltas: [] };
}

interface UnfoldedBlock {
  readonly start: JsonObject;
  readonly deltas: readonly JsonObject[];
}

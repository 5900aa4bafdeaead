import { isJsonObject, type JsonObject } from '../json.js';

/**
 * Assigns the pieces of streamed tool calls to their calls. `index` should determine that, but some servers send 0 for every call (Ollama)
 * and some send none (Gemini): taken literally, all calls of a turn would merge into one with invalid arguments.
 */
export class ToolCallPlaces {
  /** The id of each call, by its place. */
  private readonly ids: Map<number, string> = new Map();
  /** The place that each `index` currently stands for. */
  private readonly places: Map<number, number> = new Map();
  private last = -1;

  /** The place of this piece's call among the calls of the answer. */
  placeOf(piece: JsonObject): number {
    const told = typeof piece.index === 'number' ? piece.index : undefined;
    const known = told === undefined ? this.ongoing(piece) : this.places.get(told);
    const place = known === undefined || this.isAnother(known, piece) ? this.free(told) : known;
    if (told !== undefined) this.places.set(told, place);
    if (!this.ids.has(place) || isText(piece.id)) this.ids.set(place, isText(piece.id) ? piece.id : '');
    this.last = place;
    return place;
  }

  /** Without an index, a piece with neither id nor name continues the previous call. */
  private ongoing(piece: JsonObject): number | undefined {
    return this.last === -1 || isText(piece.id) || namesFunction(piece) ? undefined : this.last;
  }

  /** A new id with a name begins a new call. Servers that repeat both in every piece repeat the same id. */
  private isAnother(place: number, piece: JsonObject): boolean {
    const id = this.ids.get(place) ?? '';
    return id !== '' && isText(piece.id) && piece.id !== id && namesFunction(piece);
  }

  private free(told: number | undefined): number {
    if (told !== undefined && !this.ids.has(told)) return told;
    return Math.max(-1, ...this.ids.keys()) + 1;
  }
}

function namesFunction({ function: called }: JsonObject): boolean {
  return isJsonObject(called) && isText(called.name);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

import { isJsonObject, type JsonObject } from '../json.js';

/**
 * Says to which call of a streamed answer a piece belongs. Its `index` does, except that some servers tell 0 for every call (Ollama),
 * and some nothing at all (Gemini): taken at their word, the calls of one turn became one, with arguments that are no JSON.
 */
export class ToolCallPlaces {
  /** The id of each call, by its place. */
  private readonly ids: Map<number, string> = new Map();
  /** The place that an index stands for now. */
  private readonly places: Map<number, number> = new Map();
  private last = -1;

  /** The place of this piece's call among those of the answer. */
  placeOf(piece: JsonObject): number {
    const told = typeof piece.index === 'number' ? piece.index : undefined;
    const known = told === undefined ? this.ongoing(piece) : this.places.get(told);
    const place = known === undefined || this.isAnother(known, piece) ? this.free(told) : known;
    if (told !== undefined) this.places.set(told, place);
    if (!this.ids.has(place) || isText(piece.id)) this.ids.set(place, isText(piece.id) ? piece.id : '');
    this.last = place;
    return place;
  }

  /** Without an index: a piece that names nothing goes on with the call before it. */
  private ongoing(piece: JsonObject): number | undefined {
    return this.last === -1 || isText(piece.id) || namesFunction(piece) ? undefined : this.last;
  }

  /** A call is begun with an id and a name. A server that repeats them with each piece repeats the same. */
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

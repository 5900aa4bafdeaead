import { asBuffer } from '../as-buffer.js';
import type { EventForm } from '../packed/event-form.js';
import type { Repetition } from './event-folder.js';

/** Buffer for texts of several events. Always flushed before another stream is processed, so that one suffices for all. */
const room = Buffer.allocUnsafeSlow(16 * 1024);
/** Longer texts are appended individually. Bytes. */
const longestGathered = 64;

/** Extracts the texts from events of one form and appends them to the answer. */
export class RepeatedText {
  private readonly repetition: Repetition;
  private readonly hole: number;
  private gathered = 0;

  private constructor(repetition: Repetition, hole: number) {
    this.repetition = repetition;
    this.hole = hole;
  }

  /**
   * For events of a form, of which the last (in `bytes`) only appended text. `undefined` unless the others certainly do the same: they may
   * differ only in the text and in members that are not part of the answer.
   */
  static of(form: EventForm, bytes: Uint8Array, repetition: Repetition): RepeatedText | undefined {
    const { name, value, others } = repetition;
    let hole: number | undefined;
    for (const [index, { member, depth }] of form.holes.entries()) {
      if (member === name && hole === undefined) hole = index;
      else if (depth !== 1 || others?.has(member) !== true) return undefined;
    }
    if (hole === undefined) return undefined;
    const text = new RepeatedText(repetition, hole);
    return text.read(form, bytes) === value ? text : undefined;
  }

  /** Appends the text of the event matched last. False if it contains an invalid escape sequence, and so is not JSON. */
  take(form: EventForm, bytes: Uint8Array): boolean {
    const { found, escaped, wide } = form;
    const start = found[2 * this.hole] as number;
    const end = found[2 * this.hole + 1] as number;
    if (escaped === 0 && !wide && end - start <= longestGathered) {
      if (this.gathered + end - start > room.length) this.flush();
      for (let at = start; at < end; at++) room[this.gathered++] = bytes[at] as number;
      return true;
    }
    // Escapes in other holes are left to the parser.
    const text = escaped === 0 || escaped === 1 << this.hole ? this.read(form, bytes) : undefined;
    if (text === undefined) return false;
    this.flush();
    this.repetition.append(text);
    return true;
  }

  /** Appends the gathered texts. Must be called before anything else is appended. */
  flush(): void {
    if (this.gathered === 0) return;
    this.repetition.append(room.toString('latin1', 0, this.gathered));
    this.gathered = 0;
  }

  private read({ found }: EventForm, bytes: Uint8Array): string | undefined {
    const written = asBuffer(bytes).toString('utf8', found[2 * this.hole], found[2 * this.hole + 1]);
    return written.includes('\\') ? unescaped(written) : written;
  }
}

function unescaped(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

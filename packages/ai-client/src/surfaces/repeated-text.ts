import { asBuffer } from '../as-buffer.js';
import type { EventForm } from '../packed/event-form.js';
import type { Repetition } from './event-folder.js';

/** Texts of several events on their way to the answer. All is taken before another stream has its turn, so one room will do. */
const room = Buffer.allocUnsafeSlow(16 * 1024);
/** Longer ones are added one by one, bytes. */
const longestGathered = 64;

/** Takes the texts out of events of one form, and adds them to the answer. */
export class RepeatedText {
  private readonly repetition: Repetition;
  private readonly hole: number;
  private gathered = 0;

  private constructor(repetition: Repetition, hole: number) {
    this.repetition = repetition;
    this.hole = hole;
  }

  /**
   * For events of a form, the last of which (in `bytes`) only added a text; `undefined` where it is not certain that the others do the
   * same: they differ in more than the text and in what is no part of the answer.
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

  /** Adds the text of the event that was matched last. False when it is none: it has an escape sequence that JSON does not know. */
  take(form: EventForm, bytes: Uint8Array): boolean {
    const { found, escaped, wide } = form;
    const start = found[2 * this.hole] as number;
    const end = found[2 * this.hole + 1] as number;
    if (escaped === 0 && !wide && end - start <= longestGathered) {
      if (this.gathered + end - start > room.length) this.flush();
      for (let at = start; at < end; at++) room[this.gathered++] = bytes[at] as number;
      return true;
    }
    // What is escaped in another hole is left to the parser.
    const text = escaped === 0 || escaped === 1 << this.hole ? this.read(form, bytes) : undefined;
    if (text === undefined) return false;
    this.flush();
    this.repetition.append(text);
    return true;
  }

  /** Adds what was gathered. To be called before anything else is added. */
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

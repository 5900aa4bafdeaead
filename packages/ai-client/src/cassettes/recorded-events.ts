import { asObject, member } from '../explain/path.js';
import { canonicalText, type ExactValue, parseExactly } from '../key/canonical.js';
import { readEvents } from '../sse/events.js';

/**
 * Events of a stream as a cassette holds them, one JSON object each: `data` as JSON where it is an object or a list, else as the
 * text that it is (`[DONE]`).
 */
export function eventsToJson(bytes: Uint8Array): ExactValue[] {
  return readEvents(bytes).map(({ event, id, data }): ExactValue => {
    const value = parsed(data);
    return {
      ...(event === 'message' ? {} : { event }),
      ...(id === undefined ? {} : { id }),
      data: (value ?? data) as string,
    };
  });
}

/** The bytes of such events. Throws a `SyntaxError` that names the first one that is none. */
export function eventsFromJson(events: readonly ExactValue[]): Uint8Array {
  return Buffer.from(events.map((event, index) => eventText(event, `response.events[${index}]`)).join(''));
}

function eventText(value: ExactValue, where: string): string {
  const object = asObject(value);
  const [event, id, data] = [member(object, 'event'), member(object, 'id'), member(object, 'data')];
  if (data === undefined || !isLine(event) || !isLine(id))
    throw new SyntaxError(
      `${where} is no event: it needs "data", and may have "event" and "id", texts of one line`,
    );
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const lines = text.split(/\r\n|\n|\r/).map((line) => `data: ${line}\n`);
  return `${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}${lines.join('')}\n`;
}

function isLine(value: ExactValue): value is string | undefined {
  return value === undefined || (typeof value === 'string' && !/[\r\n]/.test(value));
}

function parsed(data: string): ExactValue {
  try {
    const value = parseExactly(data);
    return typeof value === 'object' && value !== null && canonicalText(value) !== undefined
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

import { asObject, member } from '../explain/path.js';
import { canonicalText, type ExactValue, parseExactly } from '../key/canonical.js';
import { readEvents } from '../sse/events.js';

/**
 * Converts stream events to the form used in cassettes, one JSON object each: `data` as JSON if it is an object or a list, otherwise as a
 * string (`[DONE]`).
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

/** Converts such events back to bytes. Throws a `SyntaxError` that names the first invalid one. */
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

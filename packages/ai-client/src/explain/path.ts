import { isJsonObject, type JsonObject } from '../json.js';
import { ExactNumber, type ExactValue } from '../key/canonical.js';

/** A member's name, an item's index, or a range of indices known only as a whole. */
export type PathStep = string | number | { readonly from: number; readonly to: number };

const plainName = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** `messages[1].content`, `headers["openai-beta"]`, `messages[12…40]`. */
export function pathText(path: readonly PathStep[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (typeof step === 'object') text += `[${step.from}…${step.to}]`;
    else if (!plainName.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The value at a path; `undefined` if there is none, or a range. */
export function valueAt(root: ExactValue, path: readonly PathStep[]): ExactValue {
  let value: ExactValue = root;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = typeof step === 'string' ? member(asObject(value), step) : undefined;
  }
  return value;
}

/** The value as an object; `undefined` for anything else, including an `ExactNumber`. */
export function asObject(value: ExactValue): JsonObject | undefined {
  return isJsonObject(value) && !(value instanceof ExactNumber) ? value : undefined;
}

/** Own members only: names are not looked up in the prototype. */
export function member(object: JsonObject | undefined, name: string): ExactValue {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

import { canonicalText, type ExactValue } from '../key/canonical.js';
import { withoutSecrets } from './secrets.js';

/** Longest value shown, characters. */
const maxShown = 120;
/** Characters shown before the place where a text differs. */
const lead = 24;

/** A value as JSON, shortened, with likely secrets redacted; of a text that differs from `other`, the part around the difference. */
export function showValue(value: ExactValue, other?: ExactValue): string {
  if (typeof value !== 'string') return cut(withoutSecrets(canonicalText(value)), 0);
  const text = withoutSecrets(value);
  return JSON.stringify(
    cut(text, typeof other === 'string' ? firstDifference(text, withoutSecrets(other)) : 0),
  );
}

/** Longest side of a difference shown, characters. */
const maxSpan = 80;
/** A difference is extended to whole words of up to this many characters. */
const maxWord = 40;

/** The parts in which two texts differ, extended to whole words. */
export function differingSpan(
  here: string,
  there: string,
): { readonly here: string; readonly there: string } {
  const [a, b] = [withoutSecrets(here), withoutSecrets(there)];
  let start = firstDifference(a, b);
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++;
  for (let left = maxWord; left > 0 && start > 0 && isWord(a, start - 1); left--) start--;
  for (let left = maxWord; left > 0 && end > 0 && isWord(a, a.length - end); left--) end--;
  return { here: span(a, start, end), there: span(b, start, end) };
}

function isWord(text: string, at: number): boolean {
  return !/\s/.test(text.charAt(at));
}

function span(text: string, start: number, end: number): string {
  return cut(text.slice(start, text.length - end), 0, maxSpan);
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function cut(text: string, around: number, most: number = maxShown): string {
  if (text.length <= most) return text;
  const start = Math.max(0, Math.min(around - lead, text.length - most));
  const end = start + most;
  // Does not split a surrogate pair.
  const piece = text.slice(start, end).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
  return `${start > 0 ? '…' : ''}${piece}${end < text.length ? '…' : ''}`;
}

import { canonicalText, type ExactValue } from '../key/canonical.js';
import { withoutSecrets } from './secrets.js';

/** Longest value that is shown, characters. */
const maxShown = 120;
/** How much of a text is shown before the place where it differs. */
const lead = 24;

/** A value as JSON, short and without secrets; of a text that differs from `other`, the part around the difference. */
export function showValue(value: ExactValue, other?: ExactValue): string {
  if (typeof value !== 'string') return cut(withoutSecrets(canonicalText(value)), 0);
  const text = withoutSecrets(value);
  return JSON.stringify(
    cut(text, typeof other === 'string' ? firstDifference(text, withoutSecrets(other)) : 0),
  );
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function cut(text: string, around: number): string {
  if (text.length <= maxShown) return text;
  const start = Math.max(0, Math.min(around - lead, text.length - maxShown));
  const end = start + maxShown;
  // Whole characters: a surrogate pair is not cut in two.
  const piece = text.slice(start, end).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
  return `${start > 0 ? '…' : ''}${piece}${end < text.length ? '…' : ''}`;
}

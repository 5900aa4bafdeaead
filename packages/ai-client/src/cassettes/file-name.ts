import { hash } from 'node:crypto';
import { asObject, member } from '../explain/path.js';
import type { JsonValue } from '../json.js';
import { jsonObjects } from '../json.js';
import type { ExactValue } from '../key/canonical.js';
import type { Cassette } from './cassette.js';
import { askedHash, type Question } from './question.js';

const maxModelLength = 32;
const maxWordsLength = 40;
const idLength = 12;

/** `gpt-4o-mini--what-is-a-tide--3f9a1b2c4d5e.json`: stable for the same question to the same provider. */
export function fileNameOf(question: Question): string {
  const { provider, model, body } = question;
  const id = hash('sha256', `${askedHash(question)}${provider ?? ''}`, 'hex').slice(0, idLength);
  const words = slug(firstWords(body), maxWordsLength);
  return joined(slug(model, maxModelLength), words, id);
}

/** File name for a cache entry, distinct by key, as there may be one entry per tenant and base URL. */
export function entryFileName(
  { model, question }: Pick<Cassette, 'model' | 'question'>,
  key: string,
): string {
  const words = question === undefined ? '' : slug(firstWords(question.body), maxWordsLength);
  return joined(slug(model, maxModelLength) || 'model', words, key.slice(0, idLength));
}

function joined(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('--')}.json`;
}

/** Beginning of the user's last message. */
function firstWords(body: ExactValue): string {
  const request = asObject(body);
  for (const name of ['messages', 'input']) {
    const value = member(request, name);
    if (typeof value === 'string') return value;
    if (!Array.isArray(value)) continue;
    const last = jsonObjects(value as JsonValue[]).findLast(({ role }) => role === 'user');
    return textOf(last?.content ?? value[0]);
  }
  return '';
}

function textOf(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  const part = jsonObjects(content).find(({ text }) => typeof text === 'string');
  return typeof part?.text === 'string' ? part.text : '';
}

/** Restricted to ASCII, as not every file system or terminal handles other scripts. */
function slug(text: string, maxLength: number): string {
  const plain = text
    .slice(0, 10 * maxLength)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-');
  const whole = plain.replace(/^[-.]+|[-.]+$/g, '');
  if (whole.length <= maxLength) return whole;
  const cut = whole.slice(0, maxLength + 1);
  return cut.slice(0, Math.max(cut.lastIndexOf('-'), maxLength / 2)).replace(/[-.]+$/, '');
}

import { hash } from 'node:crypto';
import { parseExactJson } from '../exact-json.js';
import type { ExchangeRequest } from '../exchange.js';
import { parseJsonObject } from '../json.js';
import { requestKey } from '../steps/key.js';
import type { Target } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { fingerprint } from './guard/fingerprint.js';
import { type Question, readQuestion } from './question.js';

/** A question that may be answered by the answer to another one of the same bucket. */
export interface Asked extends Pick<Question, 'text'> {
  /** Hash of all that must be equal, in hex: everything that makes the request's key but its text, and what guards the text. */
  readonly bucket: string;
}

/**
 * Reads the question of a request. Two are of one bucket only if they differ in nothing but the text, for the same tenant, namespace,
 * provider, model and parameters, and their texts agree in what the guard asks.
 */
export function readAsked(
  request: ExchangeRequest,
  adapter: SurfaceAdapter,
  target: Target,
  maxTextLength: number,
): Asked | undefined {
  const { key, sample = 0 } = request.cache ?? {};
  if (key !== undefined || sample !== 0) return undefined;
  const body = target.renamed ?? request.body;
  const source = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  // Numbers that a double cannot hold are objects in it, and so differ as they are written.
  const parsed = parseJsonObject(source, parseExactJson);
  const question = parsed && readQuestion(request.surface, parsed);
  if (question === undefined || question.text.length > maxTextLength) return undefined;
  const { text, rest } = question;
  const guard = fingerprint(text);
  if (guard === undefined) return undefined;
  const asked = requestKey(target.scope, undefined, rest, source, adapter);
  return { text, bucket: hash('sha256', `semantic ${asked} ${guard}`, 'hex') };
}

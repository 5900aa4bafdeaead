import { hash } from 'node:crypto';
import { parseExactJson } from '../exact-json.js';
import type { ExchangeRequest } from '../exchange.js';
import { parseJsonObject } from '../json.js';
import { requestKey } from '../steps/key.js';
import type { Target } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { fingerprint } from './guard/fingerprint.js';
import { type Question, readQuestion } from './question.js';

/** A question that may be answered by the answer to another one in the same bucket. */
export interface Asked extends Pick<Question, 'text'> {
  /**
   * Hash of everything that must be equal, in hex: the parts of the request's key other than the text, and the text's guard fingerprint.
   */
  readonly bucket: string;
}

/**
 * Reads the question of a request. Two questions are in the same bucket only if the requests differ in nothing but the text (same tenant,
 * namespace, provider, model and parameters), and the guard's fingerprints of the texts agree.
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
  // Numbers that a double cannot hold are kept as written, and so compared exactly.
  const parsed = parseJsonObject(source, parseExactJson);
  const question = parsed && readQuestion(request.surface, parsed);
  if (question === undefined || question.text.length > maxTextLength) return undefined;
  const { text, rest } = question;
  const guard = fingerprint(text);
  if (guard === undefined) return undefined;
  const asked = requestKey(target.scope, undefined, rest, source, adapter);
  return { text, bucket: hash('sha256', `semantic ${asked} ${guard}`, 'hex') };
}

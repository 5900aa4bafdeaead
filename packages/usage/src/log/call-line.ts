import type { CallRecord } from '@ai-toolkit/ai-client';
import { scrub } from './scrub.js';
import { thousandths } from './thousandths.js';

const maxTextLength = 200;

/**
 * A call as a line of JSON, assembled by hand: nearly every line of a log is one of these, and a logger that takes any object does several
 * times the work. It contains only fields that reveal nothing of the words that were exchanged.
 */
export function callLine(call: CallRecord, level: string, time: string): string {
  const { usage, labels, httpStatus, errorCode, firstByteMs, upstreamMs } = call;
  let line = `{"level":"${level}","time":"${time}","pid":${process.pid},"requestId":${JSON.stringify(call.requestId)}`;
  line += `,"surface":"${call.surface}","provider":${quoted(call.provider)},"model":${quotedModel(call.model)}`;
  line += `,"tenant":${quoted(call.tenant)}`;
  if (labels?.key !== undefined) line += `,"key":${quoted(labels.key)}`;
  line += `,"outcome":"${call.cache}","status":"${call.status}"`;
  if (httpStatus !== undefined) line += `,"httpStatus":${number(httpStatus)}`;
  if (errorCode !== undefined) line += `,"errorCode":${quoted(errorCode)}`;
  line += `,"streamed":${call.streamed},"attempts":${number(call.attempts)},"durationMs":${thousandths(call.durationMs)}`;
  if (firstByteMs !== undefined) line += `,"firstByteMs":${thousandths(firstByteMs)}`;
  if (upstreamMs !== undefined) line += `,"upstreamMs":${thousandths(upstreamMs)}`;
  if (usage !== undefined)
    line += `,"inputTokens":${number(usage.inputTokens)},"outputTokens":${number(usage.outputTokens)}`;
  return `${line},"msg":"call"}\n`;
}

/** Texts written lately, in their written form: a server sees the same few in every line. */
class Written {
  private readonly texts: Map<string, string> = new Map();
  private readonly write: (text: string) => string;

  constructor(write: (text: string) => string) {
    this.write = write;
  }

  of(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const written = this.write(text);
    // Long texts are made up by callers, and not worth the memory.
    if (text.length > maxTextLength) return written;
    if (this.texts.size >= maxTexts) this.texts.clear();
    this.texts.set(text, written);
    return written;
  }
}

const maxTexts = 1000;
const names = new Written((text) => JSON.stringify(text));
const models = new Written((model) => JSON.stringify(scrub(cut(model))));

function quoted(text: string): string {
  return names.of(text);
}

/** Callers make up model names: they may be long, and contain a secret. */
function quotedModel(model: string): string {
  return models.of(model);
}

/** Cuts a caller's text to a maximum length. */
export function cut(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}

/** A number in JSON, which has no NaN and no infinities. */
function number(value: number): string {
  return Number.isFinite(value) ? `${value}` : 'null';
}

/** Rounds to a thousandth. */
export function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

import { hash } from 'node:crypto';

/*
 * An exported template begins with a comment stating the version of the built-in template it was made from, so that a
 * later change of the built-in one can be detected. Handlebars omits the line.
 */
const markShape = /^\{\{!-- ai-toolkit: ([a-z0-9/-]+) as of ([0-9a-f]{16})\. .*? --\}\}\r?\n/u;

export interface OverrideMark {
  readonly name: string;
  /** Version of the built-in template that the file was made from. */
  readonly version: string;
}

/** Identifies a text; changes whenever the text does. */
export function templateVersion(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}

export function withMark(name: string, text: string): string {
  const version = templateVersion(text);
  return `{{!-- ai-toolkit: ${name} as of ${version}. Leave this line: it tells when the original changed. --}}\n${text}`;
}

/** Undefined if the line was removed or never existed. */
export function readMark(text: string): OverrideMark | undefined {
  const [, name, version] = markShape.exec(text) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

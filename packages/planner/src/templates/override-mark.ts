import { hash } from 'node:crypto';

/*
 * An exported template begins with a comment that says which version of the built-in one it was made from, so that
 * after an upgrade it can be told that the built-in one has changed since. Handlebars leaves the line out.
 */
const markShape = /^\{\{!-- ai-toolkit: ([a-z0-9/-]+) as of ([0-9a-f]{16})\. .*? --\}\}\r?\n/u;

export interface OverrideMark {
  readonly name: string;
  /** Version of the built-in template that the file was made from. */
  readonly version: string;
}

/** Names a text; any change of it gives another name. */
export function templateVersion(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}

export function withMark(name: string, text: string): string {
  const version = templateVersion(text);
  return `{{!-- ai-toolkit: ${name} as of ${version}. Leave this line: it tells when the original changed. --}}\n${text}`;
}

/** Undefined where the line was taken out, or was never there. */
export function readMark(text: string): OverrideMark | undefined {
  const [, name, version] = markShape.exec(text) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

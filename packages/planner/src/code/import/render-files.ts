import { extname } from 'node:path';
import { fenceFor } from '../fence.js';
import type { LeftOut } from './left-out.js';

/** A file as shown to the model. */
export interface ShownFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Number of lines cut from its end. */
  readonly linesLeftOut: number;
}

/** Omissions listed in the prompt; the caller gets all of them. */
const maxListed = 40;

/** Renders the files as Markdown. States what is missing, so that the model draws no conclusion from its absence. */
export function renderFiles(files: readonly ShownFile[], missing: readonly LeftOut[]): string {
  return `${[...files.map(renderFile), ...renderMissing(missing)].join('\n')}`;
}

function renderFile({ path, text, lines, linesLeftOut }: ShownFile): string {
  const fence = fenceFor(text);
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const note =
    linesLeftOut === 0 ? '' : `\n(The last ${linesLeftOut} of ${lines} lines are left out here.)\n`;
  return `## ${path}\n\n${fence}${extname(path).slice(1)}\n${body}${fence}\n${note}`;
}

function renderMissing(missing: readonly LeftOut[]): string[] {
  if (missing.length === 0) return [];
  const listed = missing.slice(0, maxListed).map(({ path, why }) => `- ${path}: ${why}`);
  const more = missing.length - listed.length;
  return [`## Left out\n\n${[...listed, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')}\n`];
}

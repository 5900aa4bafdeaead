import { readdir } from 'node:fs/promises';
import { bounds } from '../bounds.ts';
import { type Judgement, judgeBound } from './judge-bound.ts';
import { plotOf } from './plot.ts';
import { type Result, readResults } from './results.ts';
import type { Table } from './suite.ts';

const introduction = `# Results

Made by \`npx pnpm@12.21.0 bench\` from what each suite returned when it was last run; a test holds this page to those results, in [results](results). One command measures all of it again, \`npx pnpm@12.21.0 bench NAME\` a part; how long a suite took stands with it. It starts what it needs: the simulator,
the built server and command, the peers from the registry. From the system it needs \`wrk\` for \`server\` and \`workers\`, \`redis-server\` for \`rate-limit-shared\` and \`core-cache-bounds\`, PostgreSQL for \`projects-postgres\`, \`git\` for \`projects\`; \`nginx\` is in the tables of \`server\` where it is installed.

Ratios come first: subjects take their turns within one run, A B A B …, and the first line is the floor, or a peer. Times are those of the machine that is named. CPU time is user and system time of the processes that are measured. Medians stand beside the smallest and the largest round.

`;

/** A page, and its plots by file name. */
export interface Report {
  readonly page: string;
  readonly plots: ReadonlyMap<string, string>;
}

/** `RESULTS.md` from the last results of all suites. */
export async function renderReport(): Promise<Report> {
  const results = await readResults();
  const names = (await readdir(new URL('../suites/', import.meta.url))).map((file) =>
    file.replace(/\.ts$/, ''),
  );
  const judged = bounds.flatMap((bound) => {
    const result = results.get(bound.suite);
    return result === undefined ? [] : judgeBound(bound, result);
  });
  const missing = names.sort().filter((name) => !results.has(name));
  const plots = new Map<string, string>();
  const parts = [...results].map(([name, result]) => renderSuite(name, result, plots));
  const absent =
    missing.length === 0 ? '' : ` Without a kept result: ${missing.map((name) => `\`${name}\``).join(', ')}.`;
  return {
    page: `${introduction}${renderBounds(judged)}${durationOf(results)}${absent}\n\n${parts.join('\n')}`,
    plots,
  };
}

function durationOf(results: ReadonlyMap<string, Result>): string {
  const known = [...results.values()].flatMap(({ seconds }) => seconds ?? []);
  const minutes = Math.ceil(known.reduce((sum, seconds) => sum + seconds, 0) / 60);
  const others = results.size === known.length ? '' : ' Of the others that was not kept.';
  return `The last runs of ${known.length} suites took ${minutes} minutes together.${others}`;
}

function renderBounds(judged: readonly Judgement[]): string {
  const holding = judged.filter(({ holds }) => holds).length;
  const rows = judged.map(({ bound, what, asked, measured, holds }) => [
    `[${bound.suite}](#${bound.suite})`,
    what,
    Number.isNaN(measured) ? '' : String(Number(measured.toPrecision(4))),
    asked,
    verdict(measured, holds),
  ]);
  const columns = ['suite', 'figure', 'measured', 'asked', ''];
  return `## What was asked\n\n${holding} of ${judged.length} hold.\n\n${table({ title: '', columns, rows })}\n`;
}

function verdict(measured: number, holds: boolean): string {
  if (Number.isNaN(measured)) return 'not measured yet';
  return holds ? 'holds' : '**does not hold**';
}

function renderSuite(
  name: string,
  { title, method, machine, seconds, tables }: Result,
  plots: Map<string, string>,
): string {
  const parts = tables.map((one, index) => {
    const plot = plotOf(one);
    if (plot === undefined) return `### ${one.title}\n\n${table(one)}`;
    const file = `${name}-${index + 1}.svg`;
    plots.set(file, plot);
    return `### ${one.title}\n\n![${one.title}](plots/${file})\n\n${table(one)}`;
  });
  const took = seconds === undefined ? 'How long it took was not kept.' : `It took ${seconds} s.`;
  return `<a id="${name}"></a>\n\n## ${title}\n\n\`npx pnpm@12.21.0 bench ${name}\`. ${method}\n\n${machine} ${took}\n\n${parts.join('\n')}`;
}

function table({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('');
}

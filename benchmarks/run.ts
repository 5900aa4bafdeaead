import { readdir } from 'node:fs/promises';
import type { Suite, Table } from './support/suite.ts';

const folder = new URL('./suites/', import.meta.url);

/** Runs the suites that are named on the command line, or all, and prints a table each. */
async function main(names: readonly string[]): Promise<void> {
  const known = (await readdir(folder)).map((file) => file.replace(/\.ts$/, '')).sort();
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`There is no benchmark ${unknown}: choose from ${known.join(', ')}.`);
  for (const name of names.length === 0 ? known : names) {
    const { suite } = (await import(new URL(`${name}.ts`, folder).href)) as { suite: Suite };
    process.stdout.write(`## ${suite.title}\n\n${suite.method}\n\n`);
    for (const table of await suite.run()) process.stdout.write(`${render(table)}\n\n`);
  }
}

function render({ title, rows }: Table): string {
  const lines = rows.map(({ name, cpuMicroseconds, spread, ratio }) => {
    const [least, most] = spread.map((value) => value.toFixed(1));
    return `| ${name} | ${ratio.toFixed(2)} | ${cpuMicroseconds.toFixed(1)} | ${least} to ${most} |`;
  });
  return [`### ${title}`, '', '| subject | ratio | CPU µs | spread |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

await main(process.argv.slice(2));

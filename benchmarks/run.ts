import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { render, type Suite } from './support/suite.ts';

const suites = new URL('./suites/', import.meta.url);
const results = new URL('./results/', import.meta.url);

/** Runs the suites that are named on the command line, or all; prints each and keeps it in `results/`. */
async function main(names: readonly string[]): Promise<void> {
  const known = (await readdir(suites)).map((file) => file.replace(/\.ts$/, '')).sort();
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`There is no benchmark ${unknown}: choose from ${known.join(', ')}.`);
  await mkdir(results, { recursive: true });
  for (const name of names.length === 0 ? known : names) {
    const { suite } = (await import(new URL(`${name}.ts`, suites).href)) as { suite: Suite };
    const text = render(suite, await suite.run(), machine());
    process.stdout.write(`${text}\n`);
    await writeFile(new URL(`${name}.md`, results), text);
  }
}

function machine(): string {
  const [first] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Node ${process.versions.node}, ${cpus().length} × ${first?.model.trim()} (shared: compare ratios, not times).`;
}

await main(process.argv.slice(2));

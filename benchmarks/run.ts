import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { renderReport } from './support/report.ts';
import { keepResult } from './support/results.ts';
import { render, type Suite } from './support/suite.ts';

const suites = new URL('./suites/', import.meta.url);
const results = new URL('./results/', import.meta.url);
const plots = new URL('./plots/', import.meta.url);

/**
 * Runs the suites named on the command line, or all of them; prints each result, stores it in `results/`, and renders `RESULTS.md` from the
 * last result of every suite. `report` alone only renders.
 */
async function main(names: readonly string[]): Promise<void> {
  const known = (await readdir(suites)).map((file) => file.replace(/\.ts$/, '')).sort();
  const unknown = names.find((name) => !known.includes(name) && name !== 'report');
  if (unknown !== undefined)
    throw new RangeError(`There is no benchmark ${unknown}: choose from ${known.join(', ')}.`);
  for (const name of names.length === 0 ? known : names.filter((one) => one !== 'report')) {
    const { suite } = (await import(new URL(`${name}.ts`, suites).href)) as { suite: Suite };
    const startedAt = performance.now();
    const tables = await suite.run();
    const seconds = Math.ceil((performance.now() - startedAt) / 1000);
    const text = render(suite, tables, machine());
    process.stdout.write(`${text}\n`);
    await writeFile(new URL(`${name}.md`, results), text);
    const { title, method } = suite;
    await keepResult(name, { title, method, machine: machine(), seconds, tables });
    await report();
  }
  if (names.includes('report')) await report();
}

async function report(): Promise<void> {
  const { page, plots: drawn } = await renderReport();
  await writeFile(new URL('./RESULTS.md', import.meta.url), page);
  await rm(plots, { recursive: true, force: true });
  await mkdir(plots);
  for (const [file, text] of drawn) await writeFile(new URL(file, plots), text);
}

function machine(): string {
  const [first] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Node ${process.versions.node}, ${cpus().length} × ${first?.model.trim()} (shared: compare ratios, not times).`;
}

await main(process.argv.slice(2));

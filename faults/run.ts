import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { play } from './support/play.ts';
import { renderReliability } from './support/reliability.ts';
import { keepResult, loadScenario, scenarioNames } from './support/results.ts';

const page = new URL('../docs/reliability.md', import.meta.url);

/** Plays the scenarios named on the command line, or all of them, prints the figure of each, and renders the page again. */
async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, short: { type: 'boolean', default: false } },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`A seed is a whole number: ${values.seed}.`);
  const known = await scenarioNames();
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`There is no scenario ${unknown}: choose from ${known.join(', ')}.`);
  for (const name of positionals.length === 0 ? known : positionals) {
    const scenario = await loadScenario(name);
    const reason = scenario.unavailable?.();
    if (reason !== undefined) {
      process.stdout.write(`SKIPPED  ${name}: ${reason}\n`);
      continue;
    }
    try {
      const figure = await play(scenario, { seed, short: values.short });
      process.stdout.write(`holds    ${name}: ${figure}\n`);
      if (!values.short) await keepResult(name, { figure, seed, date: today(), node: process.versions.node });
    } catch (error) {
      process.exitCode = 1;
      process.stdout.write(`BROKEN   ${name}: ${scenario.promise}\n`);
      process.stdout.write(`         ${error instanceof Error ? error.stack : String(error)}\n`);
      process.stdout.write(`         Play it again: npx pnpm@12.21.0 faults ${name} --seed ${seed}\n`);
    }
  }
  if (!values.short) await writeFile(page, await renderReliability());
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

await main(process.argv.slice(2));

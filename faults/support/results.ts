import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { Scenario } from './scenario.ts';

const scenarios = new URL('../scenarios/', import.meta.url);
const results = new URL('../results/', import.meta.url);

/** The result of the last full run of a scenario. */
export interface Result {
  readonly figure: string;
  readonly seed: number;
  /** Day, YYYY-MM-DD. */
  readonly date: string;
  readonly node: string;
}

/** Names of all scenarios, in alphabetical order. */
export async function scenarioNames(): Promise<string[]> {
  return (await readdir(scenarios)).map((file) => file.replace(/\.ts$/, '')).sort();
}

export async function loadScenario(name: string): Promise<Scenario> {
  const { scenario } = (await import(new URL(`${name}.ts`, scenarios).href)) as { scenario: Scenario };
  return scenario;
}

export async function keepResult(name: string, result: Result): Promise<void> {
  await mkdir(results, { recursive: true });
  await writeFile(new URL(`${name}.json`, results), `${JSON.stringify(result, undefined, 2)}\n`);
}

/** The last results, by scenario name. */
export async function readResults(): Promise<Map<string, Result>> {
  const files = (await readdir(results).catch(() => [])).filter((file) => file.endsWith('.json'));
  const read = files.map(async (file): Promise<[string, Result]> => {
    const text = await readFile(new URL(file, results), 'utf8');
    return [file.replace(/\.json$/, ''), JSON.parse(text) as Result];
  });
  return new Map(await Promise.all(read));
}

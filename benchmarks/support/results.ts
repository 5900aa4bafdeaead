import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { Table } from './suite.ts';

const folder = new URL('../results/', import.meta.url);

/** What a suite returned when it was last run. */
export interface Result {
  readonly title: string;
  readonly method: string;
  /** Day, Node and processor of the run. */
  readonly machine: string;
  /** How long the suite took. Absent in older results. */
  readonly seconds?: number;
  readonly tables: readonly Table[];
}

export async function keepResult(name: string, result: Result): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(result, undefined, 2)}\n`);
}

/** The last result of each suite that has one, ordered by name. */
export async function readResults(): Promise<Map<string, Result>> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const read = names.map(async (file): Promise<[string, Result]> => {
    const text = await readFile(new URL(file, folder), 'utf8');
    return [file.replace(/\.json$/, ''), JSON.parse(text) as Result];
  });
  return new Map(await Promise.all(read));
}

/** The number in a cell: `1.80`, `+ 12.3`, `98.5 %`; NaN if there is none. */
export function numberIn(cell: string | undefined): number {
  return Number.parseFloat((cell ?? '').replaceAll(/[ ,]/g, ''));
}

import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mapConcurrent } from '../fs/map-concurrent.js';
import { FILE_CONCURRENCY } from '../fs/map-files.js';
import { ideaFile, stagesFolder } from '../layout.js';
import { type Touched, untouched } from './diff.js';
import { touchedBy } from './touched.js';

/** Metadata of the files beside `project.json`, by path of the project, then by path of the file. */
type Marks = Map<string, Map<string, string>>;

/** Detects changed texts by checking every file. */
export interface PolledTexts {
  /** Checks these projects. @returns what changed since the last time, by path */
  look(projects: readonly string[]): Promise<(path: string) => Touched>;
}

export function createPolledTexts(): PolledTexts {
  let before: Marks = new Map();
  return {
    async look(projects) {
      const marks = await mapConcurrent(projects, FILE_CONCURRENCY, marksOf);
      const known = before;
      const now = new Map(projects.map((path, index) => [path, marks[index] ?? new Map<string, string>()]));
      before = now;
      return (path) => {
        const was = known.get(path);
        const is = now.get(path);
        return was === undefined || is === undefined ? untouched : compare(path, was, is);
      };
    },
  };
}

function compare(project: string, was: Map<string, string>, is: Map<string, string>): Touched {
  const files = [...new Set([...was.keys(), ...is.keys()])].filter((file) => was.get(file) !== is.get(file));
  const texts = files.filter((file) => file !== ideaFile(project));
  return touchedBy(
    files.length > texts.length ? [basename(ideaFile(project))] : [],
    texts.map((file) => basename(file)),
  );
}

async function marksOf(project: string): Promise<Map<string, string>> {
  const folder = stagesFolder(project);
  const names = await readdir(folder).catch(() => []);
  const files = [ideaFile(project), ...names.map((name) => join(folder, name))];
  const marks = new Map<string, string>();
  for (const file of files) {
    const stats = await stat(file).catch(() => undefined);
    if (stats !== undefined) marks.set(file, `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`);
  }
  return marks;
}

import { tooLarge } from './failures.js';
import { writeFileAtomic } from './fs/atomic-write.js';
import { readTextFile } from './fs/safe-read.js';
import { projectFile } from './layout.js';
import {
  asFields,
  countField,
  type Fields,
  ParseFailure,
  parseObject,
  stringField,
  timeField,
  writeTime,
} from './parse.js';
import type { Project } from './project.js';
import type { StageState } from './stages/stage.js';
import { decodeStageState, encodeStageState } from './stages/stage-record-file.js';
import { StoreError } from './store-error.js';

/** Version of `project.json`. Incremented when older readers could not understand the file. */
const schemaVersion = 1;

const ownFields: ReadonlySet<string> = new Set([
  ...[
    'schemaVersion',
    'id',
    'name',
    'description',
    'tags',
    'createdAt',
    'updatedAt',
    'version',
    'stages',
    'origin',
  ],
]);

/** A project with the other fields of its file: those of a newer minor version or another tool survive every write. */
export interface ProjectRecord extends Project {
  readonly extra: Fields;
}

/** Upper bound on a `project.json`, which contains no texts. */
export const maxProjectBytes: number = 16 * 1024 * 1024;

/** @throws StoreError `STORE_PROJECT_DAMAGED`. Undefined if the folder has no `project.json`. */
export async function readProject(path: string): Promise<ProjectRecord | undefined> {
  const file = projectFile(path);
  const read = await readTextFile(file, maxProjectBytes);
  if (read === undefined) return undefined;
  try {
    return decodeProject(read.text, path);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    throw new StoreError('STORE_PROJECT_DAMAGED', damageMessage(path, error), {
      hint: 'Mend the file by hand or bring back an earlier version of it; the documents beside it are whole.',
      cause: error,
    });
  }
}

export function damageMessage(path: string, failure: ParseFailure): string {
  return `${projectFile(path)} cannot be read as a project: ${failure.message}.`;
}

/** Drops the fields that are internal to this package. */
export function publicProject({ extra: _extra, ...project }: ProjectRecord): Project {
  return project;
}

export async function writeProject(record: ProjectRecord): Promise<void> {
  await writeFileAtomic(projectFile(record.path), encodeProject(record));
}

/** Refuses a project whose `project.json` could not be read again. @throws StoreError `STORE_UNWRITABLE` */
export function checkProjectSize(record: ProjectRecord): void {
  encodeProject(record);
}

/** @throws StoreError `STORE_UNWRITABLE` */
function encodeProject(record: ProjectRecord): string {
  const {
    extra,
    path: _path,
    id,
    name,
    description,
    tags,
    version,
    stages,
    createdAt,
    updatedAt,
    origin,
  } = record;
  const states = Object.entries(stages).map(([number, state]) => [number, encodeStageState(state)]);
  const fields = {
    schemaVersion,
    id,
    name,
    description,
    tags,
    createdAt: writeTime(createdAt),
    updatedAt: writeTime(updatedAt),
    version,
    ...(origin === undefined ? {} : { origin }),
    stages: Object.fromEntries(states),
    ...extra,
  };
  const text = `${JSON.stringify(fields, null, 2)}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxProjectBytes) throw tooLarge(`The project.json of ${id}`, bytes, maxProjectBytes);
  return text;
}

/** @throws ParseFailure */
export function decodeProject(text: string, path: string): ProjectRecord {
  const fields = parseObject(text);
  if (Array.isArray(fields.stages)) {
    throw new ParseFailure('it has the older layout, with the texts inside it', 'older');
  }
  if (countField(fields, 'schemaVersion', 1) > schemaVersion) {
    throw new ParseFailure('it was written by a newer version of this program', 'newer');
  }
  const { tags, stages, origin } = fields;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) {
    throw new ParseFailure('tags is not a list of strings');
  }
  const states = decodeStages(asFields(stages, 'stages'));
  const id = stringField(fields, 'id');
  if (id === '') throw new ParseFailure('id is empty');
  return {
    id,
    name: stringField(fields, 'name'),
    description: stringField(fields, 'description'),
    tags,
    createdAt: timeField(fields, 'createdAt'),
    updatedAt: timeField(fields, 'updatedAt'),
    version: countField(fields, 'version', 1),
    stages: states,
    ...(typeof origin === 'string' ? { origin } : {}),
    path,
    extra: extraOf(fields),
  };
}

function decodeStages(fields: Fields): Record<string, StageState> {
  const states: Record<string, StageState> = {};
  for (const number of Object.keys(fields)) {
    if (!/^[1-9]\d{0,15}$/u.test(number) || !Number.isSafeInteger(Number(number))) {
      throw new ParseFailure(`stages has ${JSON.stringify(number)}, which is no number of a stage`);
    }
    states[number] = decodeStageState(fields[number], `stage ${number}`);
  }
  return states;
}

function extraOf(fields: Fields): Fields {
  const isExtra = (key: string): boolean => !ownFields.has(key);
  // A list decodes thousands of files, and hardly any has extra fields.
  if (!Object.keys(fields).some(isExtra)) return {};
  return Object.fromEntries(Object.entries(fields).filter(([key]) => isExtra(key)));
}

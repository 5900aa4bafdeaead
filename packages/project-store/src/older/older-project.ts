import { asFields, type Fields, ParseFailure, parseObject } from '../parse.js';
import { fieldName, isFields, pick, pickText, pickTime } from './older-fields.js';
import { type OlderStage, readOlderStage } from './older-stage.js';

/** A project as described by an older file. */
export interface OlderProject {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly idea?: string;
  readonly tags: readonly string[];
  /** Epoch, ms. */
  readonly createdAt?: number;
  /** Epoch, ms. */
  readonly updatedAt?: number;
  readonly stages: readonly OlderStage[];
}

/**
 * Reads a file of the older layout, in any spelling. Undefined for one of the current layout.
 * @throws ParseFailure if it is not a project
 */
export function readOlderProject(text: string): OlderProject | undefined {
  const file = parseObject(text);
  const inner = pick(file, 'project', 'data');
  const fields = isFields(inner) && pick(file, 'stages', 'name') === undefined ? inner : file;
  if (isPresentLayout(fields)) return undefined;
  const stages = readStages(fields);
  const id = pickText(fields, 'id', 'projectid', 'uuid', 'guid');
  const name = pickText(fields, 'name', 'projectname', 'title');
  if (stages === undefined && (id === undefined || name === undefined)) {
    throw new ParseFailure('it has no stages, and not both a name and an id');
  }
  const createdAt = pickTime(fields, 'createdat', 'created', 'creationtime', 'createddate', 'datecreated');
  const updatedAt = pickTime(
    fields,
    'updatedat',
    'updated',
    'lastupdated',
    'modifiedat',
    'lastmodified',
    'lastupdatedat',
    'datemodified',
  );
  const described = textFields({
    id,
    name,
    description: pickText(fields, 'description', 'summary', 'desc'),
    idea: pickText(fields, 'idea', 'ideatext', 'initialidea', 'projectidea', 'concept'),
  });
  return {
    ...described,
    tags: readTags(pick(fields, 'tags', 'labels', 'keywords')),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    stages: stages ?? [],
  };
}

type Described = Partial<Record<'id' | 'name' | 'description' | 'idea', string>>;

function textFields(fields: { readonly [Name in keyof Described]: string | undefined }): Described {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Undefined if there is no such field. */
function readStages(fields: Fields): OlderStage[] | undefined {
  const named = pick(fields, 'stages', 'projectstages');
  // .NET wraps a list like this when it preserves object references.
  const stages = isFields(named) && Array.isArray(named.$values) ? named.$values : named;
  if (stages === undefined) return undefined;
  if (Array.isArray(stages)) return stages.map((stage: unknown) => readOlderStage(stage));
  return Object.entries(asFields(stages, 'stages')).map(([key, stage]) => readOlderStage(stage, key));
}

function readTags(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(/[,;]/u)
      : [];
  return list.flatMap((tag) => (typeof tag === 'string' ? [tag.trim()] : [])).filter((tag) => tag !== '');
}

/** Written by this package: its stages contain no texts. */
function isPresentLayout(fields: Fields): boolean {
  const { schemaVersion, version, stages } = fields;
  if (typeof schemaVersion !== 'number' || typeof version !== 'number' || !isFields(stages)) return false;
  return Object.values(stages).every(
    (stage) => isFields(stage) && Object.keys(stage).some((key) => fieldName(key) === 'lastrevision'),
  );
}

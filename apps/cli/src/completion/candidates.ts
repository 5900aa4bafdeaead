import { setTimeout as delay } from 'node:timers/promises';
import { createTemplateSource } from '@ai-toolkit/planner';
import { createConversationStore, type Toolkit } from '@ai-toolkit/toolkit';
import { findSettings } from '@ai-toolkit/toolkit/config';
import type { Argument, Option } from 'commander';
import type { WordParser } from '../programs/parse-options.js';
import { optionsOf, type Position } from './position.js';

/** A word that would fit at the cursor. */
interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Words that would fit at a position, and whether file names would, too. */
export interface Candidates {
  readonly words: readonly Candidate[];
  readonly files: boolean;
}

/** Longest wait after pressing Tab, ms. */
const patienceMs = 1500;
const fileValues: ReadonlySet<string> = new Set(['file', 'dir']);

/** The candidates at a position that match the typed prefix. Dynamic values come from the toolkit; without it there are none. */
export async function candidatesAt(position: Position, toolkit: Toolkit | undefined): Promise<Candidates> {
  const { typed, option, argument, command } = position;
  const kind = option?.attributeName() ?? argument?.name();
  const valueName = /[<[]([\w-]+)/.exec(option?.flags ?? '')?.[1] ?? argument?.name() ?? '';
  const values =
    allowedWords(option ?? argument) ??
    (toolkit === undefined ? [] : await valuesOf(kind, valueName, position, toolkit));
  const words = option === undefined ? [...names(position), ...values] : values;
  return {
    words: words.filter(({ value }) => value.startsWith(typed)),
    files: fileValues.has(valueName) && !typed.startsWith('-') && command.name() !== 'completion',
  };
}

/** The values an option or argument allows, if they are enumerated; else `undefined`. */
function allowedWords(holder: Option | Argument | undefined): readonly Candidate[] | undefined {
  const parse = holder?.parseArg as Partial<WordParser> | undefined;
  return parse?.allowed?.map((value) => word(value, ''));
}

/** Commands, or options once a dash is typed. */
function names({ command, typed }: Position): readonly Candidate[] {
  if (typed.startsWith('-')) {
    return optionsOf(command).flatMap(({ long, description, hidden }) =>
      long === undefined || long === null || hidden ? [] : [{ value: long, description }],
    );
  }
  return command.commands
    .filter((one) => !one.name().startsWith('_'))
    .map((one) => ({ value: one.name(), description: one.description() }));
}

async function valuesOf(
  kind: string | undefined,
  valueName: string,
  { command }: Position,
  toolkit: Toolkit,
): Promise<readonly Candidate[]> {
  const isTemplate =
    kind === 'template' || /template/.test(command.parent?.name() ?? '') || /template/.test(command.name());
  try {
    if (kind === 'project') return await projects(toolkit);
    if (kind === 'model') return await models(toolkit);
    if (isTemplate && (kind === 'template' || kind === 'name')) return await templates(toolkit);
    if (kind === 'provider')
      return (await toolkit.providers()).map(({ provider, place }) => word(provider.name, place));
    if (kind === 'setting') return findSettings().map(({ path, description }) => word(path, description));
    if (kind === 'stage') return stages(await toolkit.planner().then((planner) => planner.stages));
    if (valueName === 'key') return await cacheKeys(toolkit);
    if (kind === 'continue') return await conversations(toolkit);
    return [];
  } catch {
    // Completion must not print errors.
    return [];
  }
}

async function projects(toolkit: Toolkit): Promise<Candidate[]> {
  const found = await (await toolkit.projects()).getAll();
  return found.flatMap((entry) => (entry.kind === 'project' ? [word(entry.id, entry.name)] : []));
}

async function models(toolkit: Toolkit): Promise<readonly Candidate[]> {
  const late = delay(patienceMs, [], { ref: false });
  const offered = await Promise.race([toolkit.models(), late]);
  return offered.map(({ id, provider }) => word(id, provider));
}

async function templates({ paths }: Toolkit): Promise<Candidate[]> {
  const found = await createTemplateSource({ templatesDir: paths.templates }).names();
  return found.map((name) => word(name, ''));
}

function stages(known: readonly { readonly id: number; readonly name: string }[]): Candidate[] {
  return known.map(({ id, name }) => word(String(id), name));
}

async function cacheKeys(toolkit: Toolkit): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for await (const { key, tags } of (await toolkit.cache()).entries({ limit: 200 }))
    found.push(word(key.slice(0, 12), tags.join(' ')));
  return found;
}

async function conversations({ paths }: Toolkit): Promise<Candidate[]> {
  const ids = await createConversationStore(paths.conversations).ids();
  return ids.map((id) => word(id, ''));
}

function word(value: string, description: string): Candidate {
  // One candidate per line.
  return { value, description: description.replace(/\s+/g, ' ') };
}

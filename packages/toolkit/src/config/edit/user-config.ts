import { ConfigError } from '../../errors.js';
import { isSection, type Layer, valueAt, withValueAt } from '../layer.js';
import { validateSources } from '../load.js';
import { modernizeFile, type Renaming } from '../older-names.js';
import { parseLayer, readLayer } from '../read-layer.js';
import type { Setting } from '../settings.js';
import { changeConfigFile } from './config-file.js';
import { findSetting } from './setting-path.js';

/** The user's configuration file, and the profile in it to change. */
export interface UserConfig {
  readonly file: string;
  /** Default: the settings outside all profiles. */
  readonly profile?: string | undefined;
}

/** What a change cost the rest of the file. */
export interface ConfigChange {
  /** The file had comments, and had to be rewritten without them. */
  readonly commentsDropped: boolean;
}

/** Sets a setting in the file, keeping comments. Fails with `CONFIG_SETTING_UNKNOWN` or `CONFIG_INVALID`; the file is then unchanged. */
export async function setSetting(
  { file, profile }: UserConfig,
  name: string,
  text: string,
): Promise<ConfigChange> {
  const { setting, path } = findSetting(name);
  const value = await readValue(setting, path, text);
  const { changeToml } = await import('./toml-text.js');
  let commentsDropped = false;
  await changeConfigFile(file, async (before) => {
    await parseLayer(before, file);
    const after = changeToml(before, { path: placeOf(profile, path), value });
    await checkSetting(after.text, { file, profile }, path);
    commentsDropped = after.commentsDropped;
    return after.text;
  });
  return { commentsDropped };
}

/** Removes a setting from the file, even one that no longer exists. Fails with `CONFIG_SETTING_UNSET`. */
export async function unsetSetting({ file, profile }: UserConfig, name: string): Promise<ConfigChange> {
  const { changeToml } = await import('./toml-text.js');
  let commentsDropped = false;
  await changeConfigFile(file, async (before) => {
    const layer = await parseLayer(before, file);
    const written = placeOf(profile, name.split('.'));
    const path = valueAt(layer, written) === undefined ? placeOf(profile, findSetting(name).path) : written;
    if (valueAt(layer, path) === undefined) {
      throw new ConfigError('CONFIG_SETTING_UNSET', `${name} is not set in ${file}.`, {
        hint: 'See where each setting comes from: ai-toolkit config list',
      });
    }
    const after = changeToml(before, { path, value: undefined });
    commentsDropped = after.commentsDropped;
    return after.text;
  });
  return { commentsDropped };
}

/** The problems found in a configuration file. */
export interface FileReview {
  readonly file: string;
  readonly exists: boolean;
  /** Older names used in it. */
  readonly renamings: readonly Renaming[];
  /** The first error, including those in profiles. */
  readonly problem?: ConfigError;
}

/** Checks every setting of the file, including those of all profiles. */
export async function reviewConfigFile(file: string): Promise<FileReview> {
  try {
    const layer = await readLayer(file, false);
    if (layer === undefined) return { file, exists: false, renamings: [] };
    const { renamings, problem } = await reviewLayer(layer, file);
    return { file, exists: true, renamings, ...(problem === undefined ? {} : { problem }) };
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    return { file, exists: true, renamings: [], problem: error };
  }
}

/** The older names that were replaced in a file. */
export interface FixedFile extends ConfigChange {
  readonly renamings: readonly Renaming[];
}

/** Replaces older names in the file by the current ones. */
export async function fixConfigFile(file: string): Promise<FixedFile> {
  const { changeToml } = await import('./toml-text.js');
  let renamings: readonly Renaming[] = [];
  let commentsDropped = false;
  await changeConfigFile(file, async (before) => {
    renamings = (await reviewLayer(await parseLayer(before, file), file)).renamings;
    const changes = renamings.flatMap(({ from, to, value, isIgnored }) => [
      { path: from, value: undefined },
      ...(isIgnored ? [] : [{ path: to, value }]),
    ]);
    return changes.reduce((text, change) => {
      const after = changeToml(text, change);
      commentsDropped ||= after.commentsDropped;
      return after.text;
    }, before);
  });
  return { renamings, commentsDropped };
}

async function reviewLayer(
  { profiles, ...user }: Layer,
  file: string,
): Promise<{ renamings: readonly Renaming[]; problem?: ConfigError }> {
  const base = await modernizeFile(user);
  const own = await Promise.all(
    Object.entries(isSection(profiles) ? profiles : {}).map(async ([name, layer]) => ({
      name,
      ...(await modernizeFile(isSection(layer) ? layer : {})),
    })),
  );
  const renamings = [
    ...base.renamings,
    ...own.flatMap(({ name, renamings: found }) =>
      found.map(({ from, to, ...rest }) => ({
        ...rest,
        from: ['profiles', name, ...from],
        to: ['profiles', name, ...to],
      })),
    ),
  ];
  try {
    const source = { kind: 'user', name: file, layer: base.layer } as const;
    validateSources([source]);
    for (const { name, layer } of own)
      validateSources([{ kind: 'profile', name: `${file}: profiles.${name}`, layer }, source]);
    return { renamings };
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    return { renamings, problem: error };
  }
}

/** Fails if the new value of a setting is invalid. Errors elsewhere in the file do not prevent a change. */
async function checkSetting(
  text: string,
  { file, profile }: UserConfig,
  path: readonly string[],
): Promise<void> {
  // Tables with user-chosen names are validated as a whole, all other settings on their own.
  const checked = path[0] === 'prices' ? path.slice(0, 1) : path;
  const value = valueAt(await parseLayer(text, file), placeOf(profile, checked));
  validateSources([{ kind: 'user', name: file, layer: withValueAt({}, checked, value) }]);
}

function placeOf(profile: string | undefined, path: readonly string[]): readonly string[] {
  return profile === undefined ? path : ['profiles', profile, ...path];
}

/** Parses a typed value: numbers and flags as such, tables as JSON or TOML. */
async function readValue({ kind }: Setting, path: readonly string[], text: string): Promise<unknown> {
  const isField = path.length > 1 && kind === 'tables by name';
  switch (isField && path.length > 2 ? 'number' : kind) {
    case 'number':
    case 'whole number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'true or false':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list of tables':
    case 'tables by name':
      return readTable(text);
    default:
      return text;
  }
}

async function readTable(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // Try TOML.
  }
  const layer = await parseLayer(`value = ${text}`, 'The value');
  return layer.value;
}

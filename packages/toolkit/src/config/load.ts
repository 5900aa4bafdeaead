import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { ConfigError } from '../errors.js';
import { environmentLayer, variableOf } from './environment.js';
import { type Environment, type Paths, resolvePaths } from './paths.js';
import { type Config, type ConfigInput, configSchema } from './schema.js';

export interface LoadConfigOptions {
  /** Default: `process.env`. */
  readonly environment?: Environment;
  /** Folder in which the project file is looked for. Default: the current one. */
  readonly directory?: string;
  /** Reads this file in place of the user's. It must exist. */
  readonly configFile?: string;
  /** What the command line says; it wins over everything. */
  readonly flags?: ConfigInput;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly paths: Paths;
  /** The files that were read, the strongest first. */
  readonly files: readonly string[];
}

/** Name of the file that a folder of work may carry. */
const projectFileName = 'ai-toolkit.toml';

/**
 * Sections that a project file may set. It comes with a checkout that somebody else may have written: it must not send
 * the user's keys elsewhere, nor open a port.
 */
const projectSections: ReadonlySet<string> = new Set(['model', 'cache', 'limits']);

type Layer = Readonly<Record<string, unknown>>;

interface Source {
  readonly name: string;
  readonly layer: Layer;
}

/**
 * Loads the configuration: flags over environment over the project's file over the user's file over defaults. Fails with
 * `CONFIG_INVALID`, which names the file and the key, or `CONFIG_UNREADABLE`.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const environment = options.environment ?? process.env;
  const defaults = resolvePaths(environment);
  const configFile = options.configFile ?? defaults.configFile;
  const projectFile = join(options.directory ?? process.cwd(), projectFileName);
  const [userLayer, projectLayer] = await Promise.all([
    readLayer(configFile, options.configFile !== undefined),
    readLayer(projectFile, false),
  ]);
  if (projectLayer !== undefined) checkProjectLayer(projectLayer, projectFile);
  const sources: Source[] = [
    { name: 'the command line', layer: (options.flags ?? {}) as Layer },
    { name: 'the environment', layer: environmentLayer(environment) },
    ...(projectLayer === undefined ? [] : [{ name: projectFile, layer: projectLayer }]),
    ...(userLayer === undefined ? [] : [{ name: configFile, layer: userLayer }]),
  ];
  const config = validate(sources);
  return {
    config,
    paths: { ...defaults, configFile, projects: config.projects.folder ?? defaults.projects },
    files: sources.slice(2).map(({ name }) => name),
  };
}

async function readLayer(file: string, required: boolean): Promise<Layer | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    throw new ConfigError(
      'CONFIG_UNREADABLE',
      `The configuration file ${file} cannot be read (${String(code)}).`,
      {
        hint:
          code === 'ENOENT' ? 'Check the path given with --config.' : 'Check the permissions of the file.',
        cause: error,
      },
    );
  }
  try {
    return parse(text);
  } catch (error) {
    const place = error instanceof TomlError ? `, line ${error.line}, column ${error.column}` : '';
    throw new ConfigError('CONFIG_INVALID', `${file}${place} is not valid TOML.`, {
      hint:
        error instanceof TomlError ? (error.message.split('\n')[0] ?? '') : 'Correct the file or remove it.',
      cause: error,
    });
  }
}

function checkProjectLayer(layer: Layer, file: string): void {
  const foreign = Object.keys(layer).find((name) => !projectSections.has(name));
  if (foreign === undefined) return;
  throw new ConfigError('CONFIG_INVALID', `${file}: "${foreign}" cannot be set by a project's file.`, {
    hint: `A project's file may set ${[...projectSections].join(', ')}; put the rest into your own configuration file.`,
  });
}

function validate(sources: readonly Source[]): Config {
  const merged = sources.reduceRight<Layer>((below, { layer }) => merge(below, layer), {});
  const result = configSchema.safeParse(merged);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ];
  const setting = path.join('.');
  const source = sources.find(({ layer }) => holds(layer, path))?.name ?? 'the configuration';
  const where = source === 'the environment' ? (variableOf(setting) ?? source) : source;
  throw new ConfigError('CONFIG_INVALID', `${where}: ${setting}: ${issue?.message ?? 'not valid'}.`, {
    hint: 'Correct this setting, or remove it to have the default.',
  });
}

function merge(below: Layer, above: Layer): Layer {
  const result: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const before = result[name];
    result[name] = isSection(before) && isSection(value) ? merge(before, value) : (value ?? before);
  }
  return result;
}

function holds(layer: Layer, path: readonly PropertyKey[]): boolean {
  let value: unknown = layer;
  for (const name of path) {
    if (!isSection(value) || !(String(name) in value)) return false;
    value = value[String(name)];
  }
  return path.length > 0;
}

function isSection(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { dirname, join } from 'node:path';
import { ConfigError } from '../errors.js';
import { environmentLayer, readVariable } from './environment.js';
import { type ConfigSource, isSection, type Layer, mergeLayers, valueAt } from './layer.js';
import { type Modernized, modernizeEnvironment, modernizeFile, variableOf } from './older-names.js';
import { describeRenaming } from './older-notice.js';
import { type Environment, namedFolder, type Paths, resolvePaths } from './paths.js';
import { readLayer } from './read-layer.js';
import { type Issue, readTable } from './read-value.js';
import { type Config, type ConfigInput, configSchema } from './schema.js';

export interface LoadConfigOptions {
  /** Default: `process.env`. */
  readonly environment?: Environment;
  /** Folder to search for the project file. Default: the current one. */
  readonly directory?: string;
  /** File to read instead of the user's. It must exist. */
  readonly configFile?: string;
  /** Applies the table `[profiles.NAME]` of the user's file over the rest of it. Default: `AI_TOOLKIT_PROFILE`, else none. */
  readonly profile?: string;
  /** Settings of the command line, which take precedence over everything. */
  readonly flags?: ConfigInput;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly paths: Paths;
  /** The files that were read, highest precedence first. */
  readonly files: readonly string[];
  /** The settings of each source, highest precedence first. */
  readonly sources: readonly ConfigSource[];
  /** Notices, for people, of older names that were read and what to write instead. Contain no values. */
  readonly notices: readonly string[];
}

/** Name of the file that a working folder may contain. */
const projectFileName = 'ai-toolkit.toml';

/**
 * Sections that a project file may set. It may come with a checkout written by somebody else, so it must not be able to
 * send the user's keys elsewhere or open a port.
 */
const projectSections: ReadonlySet<string> = new Set([
  'model',
  'maxTokens',
  'temperature',
  'cache',
  'limits',
]);

/**
 * Loads the configuration. Precedence: flags, environment, the project's file, the user's file (its profile first),
 * defaults. Fails with `CONFIG_INVALID`, naming the file and the key, `CONFIG_NOT_FOUND`, `CONFIG_PROFILE_UNKNOWN` or
 * `CONFIG_UNREADABLE`.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const environment = options.environment ?? process.env;
  const defaults = resolvePaths(environment);
  const configFile = options.configFile ?? defaults.configFile;
  const projectFile = join(options.directory ?? currentFolder(), projectFileName);
  const profile = options.profile ?? readVariable(environment, 'AI_TOOLKIT_PROFILE');
  const [userFile, projectLayer] = await Promise.all([
    readLayer(configFile, options.configFile !== undefined),
    readLayer(projectFile, false),
  ]);
  const { profiles, ...user } = userFile ?? {};
  const chosen = profile === undefined ? undefined : profileOf(profiles, profile, configFile);
  const found = await modernizeAll([
    source('flags', 'the command line', (options.flags ?? {}) as Layer),
    source('environment', 'the environment', environmentLayer(environment), environment),
    ...(projectLayer === undefined ? [] : [source('project', projectFile, projectLayer)]),
    ...(chosen === undefined
      ? []
      : [source('profile', `${configFile}: profiles.${String(profile)}`, chosen)]),
    ...(userFile === undefined ? [] : [source('user', configFile, user)]),
  ]);
  for (const { kind, name, layer } of found.sources) if (kind === 'project') checkProjectLayer(layer, name);
  const config = validateSources(found.sources, environment);
  return {
    config,
    paths: {
      ...defaults,
      configFile,
      projects: projectsFolder(config, found.sources, configFile) ?? defaults.projects,
    },
    files: [
      ...(projectLayer === undefined ? [] : [projectFile]),
      ...(userFile === undefined ? [] : [configFile]),
    ],
    ...found,
  };
}

/** A relative folder named in the file is relative to that file, wherever the command is run. */
function projectsFolder(
  { projects: { folder } }: Config,
  sources: readonly ConfigSource[],
  configFile: string,
): string | undefined {
  if (folder === undefined) return undefined;
  const from = sources.find(({ layer }) => valueAt(layer, ['projects', 'folder']) !== undefined);
  const isOfFile = from?.kind === 'user' || from?.kind === 'profile';
  return namedFolder(folder, isOfFile ? dirname(configFile) : '');
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new ConfigError('CONFIG_UNREADABLE', 'The current folder is not there any more.', {
      hint: 'Change into another one.',
      cause: error,
    });
  }
}

interface Unread {
  readonly source: ConfigSource;
  readonly environment?: Environment;
}

function source(kind: ConfigSource['kind'], name: string, layer: Layer, environment?: Environment): Unread {
  return { source: { kind, name, layer }, ...(environment === undefined ? {} : { environment }) };
}

async function modernizeAll(unread: readonly Unread[]): Promise<Pick<LoadedConfig, 'notices' | 'sources'>> {
  const read = await Promise.all(
    unread.map(async ({ source: { layer, ...rest }, environment }) => {
      const modern: Modernized =
        environment === undefined ? await modernizeFile(layer) : modernizeEnvironment(environment, layer);
      const notices = modern.renamings.map((renaming) => describeRenaming(renaming, rest));
      return { source: { ...rest, layer: modern.layer }, notices };
    }),
  );
  return { sources: read.map((one) => one.source), notices: read.flatMap(({ notices }) => notices) };
}

/** The table of a profile. Fails with `CONFIG_PROFILE_UNKNOWN`. */
function profileOf(profiles: unknown, name: string, file: string): Layer {
  const known = isSection(profiles) ? profiles : {};
  const layer = Object.hasOwn(known, name) ? known[name] : undefined;
  if (isSection(layer)) return layer;
  const names = Object.keys(known);
  throw new ConfigError('CONFIG_PROFILE_UNKNOWN', `${file} has no profile ${JSON.stringify(name)}.`, {
    hint:
      names.length === 0
        ? `Make one: a table [profiles.${name}] in that file, with the settings that differ.`
        : `It has ${names.join(', ')}.`,
  });
}

function checkProjectLayer(layer: Layer, file: string): void {
  const foreign = Object.keys(layer).find((name) => !projectSections.has(name));
  if (foreign === undefined) return;
  throw new ConfigError('CONFIG_INVALID', `${file}: "${foreign}" cannot be set by a project's file.`, {
    hint: `A project's file may set ${[...projectSections].join(', ')}; put the rest into your own configuration file.`,
  });
}

/**
 * Merges and validates sources, highest precedence first. Fails with `CONFIG_INVALID`, naming source and setting; a
 * variable of `environment` by the name that is set.
 */
export function validateSources(sources: readonly ConfigSource[], environment: Environment = {}): Config {
  const merged = sources.reduceRight<Layer>((below, { layer }) => mergeLayers(below, layer), {});
  const issues: Issue[] = [];
  const config = readTable(configSchema, merged, [], issues);
  const [issue] = issues;
  // Without issues, the value matches the types derived from the schema.
  if (issue === undefined) return config as unknown as Config;
  const { path, what } = issue;
  const setting = path.join('.');
  const { kind, name } = sources.find(({ layer }) => valueAt(layer, path) !== undefined) ??
    sources.find(({ layer }) => valueAt(layer, path.slice(0, 1)) !== undefined) ?? {
      kind: 'flags',
      name: 'the configuration',
    };
  const where = kind === 'environment' ? (variableOf(setting, environment) ?? name) : name;
  throw new ConfigError('CONFIG_INVALID', `${where}: ${setting}: ${what}.`, {
    hint: 'Correct this setting, or remove it to have the default.',
  });
}

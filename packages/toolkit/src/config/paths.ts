import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Paths of everything on disk. Absolute. */
export interface Paths {
  /** The user's configuration file. */
  readonly configFile: string;
  /** Folder of the response cache. */
  readonly cache: string;
  /** Folder of the projects. */
  readonly projects: string;
  /** Folder of the conversations stored by `chat`. */
  readonly conversations: string;
  /** File of the gateway keys. */
  readonly keys: string;
  /** File of the usage ledger. */
  readonly ledger: string;
  /** Folder of the user's templates. */
  readonly templates: string;
  /** Folder of small files that may be lost, such as the progress of batches. */
  readonly state: string;
}

/**
 * All state lives under `AI_TOOLKIT_HOME` if it is set, else in an `ai-toolkit` folder in each directory of the XDG
 * Base Directory Specification (https://specifications.freedesktop.org/basedir-spec/0.8/).
 */
export function resolvePaths(environment: Environment): Paths {
  const home = environment.AI_TOOLKIT_HOME;
  if (home !== undefined && home.trim() !== '') {
    const root = namedFolder(home);
    return paths(root, join(root, 'cache'), root, join(root, 'state'));
  }
  const folder = (name: string, fallback: string): string => {
    const value = environment[name];
    // According to the specification, relative paths are invalid and must be ignored.
    const base = value !== undefined && isAbsolute(value) ? value : join(homeFolder(), fallback);
    return join(base, 'ai-toolkit');
  };
  return paths(
    folder('XDG_CONFIG_HOME', '.config'),
    folder('XDG_CACHE_HOME', '.cache'),
    folder('XDG_DATA_HOME', '.local/share'),
    folder('XDG_STATE_HOME', '.local/state'),
  );
}

/** Resolves a folder named by a person: `~` is the home folder, as in a shell, and relative paths start from `base`. */
export function namedFolder(folder: string, base = ''): string {
  const [first, ...rest] = folder.split(/[\\/]/);
  return first === '~' ? join(homeFolder(), ...rest) : resolve(base, folder);
}

/** Ignores an empty HOME. */
function homeFolder(): string {
  return homedir() || userInfo().homedir;
}

function paths(config: string, cache: string, data: string, state: string): Paths {
  return {
    configFile: join(config, 'config.toml'),
    cache: join(cache, 'answers'),
    projects: join(data, 'projects'),
    conversations: join(data, 'conversations'),
    keys: join(data, 'keys', 'keys.sqlite'),
    ledger: join(data, 'usage', 'ledger.sqlite'),
    templates: join(config, 'templates'),
    state,
  };
}

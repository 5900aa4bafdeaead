import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where everything lies on disk. Absolute. */
export interface Paths {
  /** The user's configuration file. */
  readonly configFile: string;
  /** Folder of the response cache. */
  readonly cache: string;
  /** Folder of the projects. */
  readonly projects: string;
  /** Folder of the conversations that `chat` keeps. */
  readonly conversations: string;
  /** File of the gateway's keys. */
  readonly keys: string;
  /** File of the usage ledger. */
  readonly ledger: string;
  /** Folder of what the user wrote over built-in templates. */
  readonly templates: string;
  /** Folder of small facts that may be lost, such as how far a batch of operations has come. */
  readonly state: string;
}

/**
 * All state lies beneath `AI_TOOLKIT_HOME` when it is set, else in the folders of the XDG Base Directory Specification
 * (https://specifications.freedesktop.org/basedir-spec/0.8/), each in its `ai-toolkit` folder.
 */
export function resolvePaths(environment: Environment): Paths {
  const home = environment.AI_TOOLKIT_HOME;
  if (home !== undefined && home.trim() !== '') {
    const root = namedFolder(home);
    return paths(root, join(root, 'cache'), root, join(root, 'state'));
  }
  const folder = (name: string, fallback: string): string => {
    const value = environment[name];
    // The specification: a relative path is invalid, and ignored.
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

/** A folder that a person has named: `~` is the home, as in a shell, and what is relative begins at `base`. */
export function namedFolder(folder: string, base = ''): string {
  const [first, ...rest] = folder.split(/[\\/]/);
  return first === '~' ? join(homeFolder(), ...rest) : resolve(base, folder);
}

/** An empty HOME is none. */
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

import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readOwnFile } from '../../files/read-own-file.js';

/** Which paths below a folder are ignored, according to `.gitignore` files in and above it. */
export interface IgnoreRules {
  /** These rules plus those of one more folder on the way down. */
  enter(folder: string): Promise<IgnoreRules>;
  isIgnored(path: string, isFolder: boolean): boolean;
}

interface Layer {
  readonly folder: string;
  readonly rules: Ignore;
}

const maxBytes = 1024 * 1024;

/**
 * The rules that apply in a folder: those of every folder from the root of its repository down to it, as in git.
 * Undefined if the folder itself is ignored.
 */
export async function rulesFor(folder: string): Promise<IgnoreRules | undefined> {
  const way = await wayFromRepository(folder);
  let rules = rulesOf([]);
  for (const [depth, step] of way.entries()) {
    if (depth > 0 && rules.isIgnored(step, true)) return undefined;
    rules = await rules.enter(step);
  }
  return rules;
}

function rulesOf(layers: readonly Layer[]): IgnoreRules {
  return {
    async enter(folder) {
      // `.gitignore` takes precedence over the repository's exclude file.
      const files = [join(folder, '.git', 'info', 'exclude'), join(folder, '.gitignore')];
      const texts = (await Promise.all(files.map(readRules))).filter((text) => text !== undefined);
      if (texts.length === 0) return rulesOf(layers);
      const layer = { folder, rules: ignore({ ignorecase: false }).add(texts.join('\n')) };
      return rulesOf([layer, ...layers]);
    },
    /** The nearest rule file that mentions the path decides. */
    isIgnored(path, isFolder) {
      for (const { folder, rules } of layers) {
        const name = relative(folder, path).split(sep).join('/');
        const { ignored, unignored } = rules.test(isFolder ? `${name}/` : name);
        if (ignored) return true;
        if (unignored) return false;
      }
      return false;
    },
  };
}

async function readRules(path: string): Promise<string | undefined> {
  // Unreadable rule files are ignored.
  return readOwnFile(path, { maxBytes, mayBeLink: false, refusal: () => new Error(path) }).catch(
    () => undefined,
  );
}

/** The folders from the repository's root down to `folder`, or only this one if there is no repository. */
async function wayFromRepository(folder: string): Promise<string[]> {
  const way = [folder];
  for (let current = folder; ; current = dirname(current)) {
    if (await exists(join(current, '.git'))) return way;
    if (dirname(current) === current) return [folder];
    way.unshift(dirname(current));
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

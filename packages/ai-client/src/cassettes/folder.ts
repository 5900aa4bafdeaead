import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AiError } from '../errors.js';
import type { Cassette } from './cassette.js';
import { askedHash, mayAnswer } from './question.js';
import { readCassette } from './read-cassette.js';

/** Index entry of a file, so that it need not be read again. */
interface Indexed {
  readonly file: string;
  readonly provider?: string;
  /** Hash of the question. */
  readonly asked?: string;
  /** Key of the cache entry it was made from. */
  readonly key?: string;
}

/** Criteria to find a cassette. */
export interface CassetteQuery {
  readonly asked: string;
  readonly provider?: string;
  readonly key?: string;
}

const readAtOnce = 16;

/** A folder of cassettes, one per file. Other processes may write to it concurrently. */
export class CassetteFolder {
  readonly dir: string;
  /** Invalid files, with their errors. */
  readonly problems: Map<string, AiError> = new Map();
  private readonly byAsked: Map<string, Indexed[]> = new Map();
  private readonly byKey: Map<string, Indexed> = new Map();
  private readonly known: Map<string, Indexed> = new Map();
  private looking: Promise<void> | undefined;

  constructor(dir: string) {
    this.dir = dir;
  }

  /**
   * The cassette for a question, read anew from its file. Fails with `AI_CASSETTE_INVALID` if the file has become invalid, and with
   * `AI_CASSETTES_UNAVAILABLE` if the folder cannot be read.
   */
  async find(query: CassetteQuery): Promise<Cassette | undefined> {
    let indexed = this.match(query);
    if (indexed === undefined) {
      await this.look();
      indexed = this.match(query);
    }
    if (indexed === undefined) return undefined;
    const cassette = await this.read(indexed.file);
    if (cassette === undefined) return undefined;
    this.add(indexed.file, cassette);
    // The file may have been edited to answer something else.
    const now = this.known.get(indexed.file);
    return now !== undefined && fits(now, query) ? cassette : undefined;
  }

  /** Names of all valid files. */
  async files(): Promise<string[]> {
    await this.look();
    return [...this.known.keys()].sort();
  }

  /** Fails with `AI_CASSETTES_UNAVAILABLE` if the folder does not exist. */
  async mustExist(): Promise<void> {
    try {
      await access(this.dir);
    } catch (error) {
      throw unavailable(this.dir, 'read', error);
    }
  }

  /** Reads a file; `undefined` if there is none. Fails with `AI_CASSETTE_INVALID` or `AI_CASSETTES_UNAVAILABLE`. */
  async read(file: string): Promise<Cassette | undefined> {
    let text: string;
    try {
      text = await readFile(join(this.dir, file), 'utf8');
    } catch (error) {
      this.forget(file);
      if (isMissing(error)) return undefined;
      throw unavailable(this.dir, 'read', error);
    }
    return readCassette(text, join(this.dir, file));
  }

  /** Writes a file atomically. Fails with `AI_CASSETTES_UNAVAILABLE`. */
  async write(file: string, text: string, cassette: Cassette): Promise<void> {
    const temporary = join(this.dir, `.${file}.${process.pid}-${randomUUID()}.tmp`);
    try {
      await mkdir(this.dir, { recursive: true });
      await writeFile(temporary, text);
      await rename(temporary, join(this.dir, file));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw unavailable(this.dir, 'written', error);
    }
    this.problems.delete(file);
    this.add(file, cassette);
  }

  /** Reads files that are new or were invalid. */
  private look(): Promise<void> {
    this.looking ??= this.lookNow().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async lookNow(): Promise<void> {
    const unknown = (await this.list()).filter((file) => !this.known.has(file));
    for (let at = 0; at < unknown.length; at += readAtOnce)
      await Promise.all(unknown.slice(at, at + readAtOnce).map((file) => this.learn(file)));
  }

  private async list(): Promise<string[]> {
    try {
      const names = await readdir(this.dir);
      return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw unavailable(this.dir, 'read', error);
    }
  }

  private async learn(file: string): Promise<void> {
    try {
      const cassette = await this.read(file);
      this.problems.delete(file);
      if (cassette !== undefined) this.add(file, cassette);
    } catch (error) {
      if (!AiError.isInstance(error)) throw error;
      this.problems.set(file, error);
    }
  }

  private match(query: CassetteQuery): Indexed | undefined {
    const named = this.byAsked.get(query.asked)?.filter((indexed) => fits(indexed, query)) ?? [];
    // A cassette of the same provider has precedence over one without a provider.
    const [first] = named.sort((a, b) => rank(a, query) - rank(b, query) || (a.file < b.file ? -1 : 1));
    return first ?? (query.key === undefined ? undefined : this.byKey.get(query.key));
  }

  private add(file: string, { question, origin, provider }: Cassette): void {
    this.forget(file);
    // Answers of a tenant are only found by key.
    const asked = question === undefined || origin?.tenant !== undefined ? undefined : askedHash(question);
    const indexed: Indexed = {
      file,
      ...(provider === undefined ? {} : { provider }),
      ...(asked === undefined ? {} : { asked }),
      ...(origin === undefined || asked !== undefined ? {} : { key: origin.key }),
    };
    this.known.set(file, indexed);
    if (asked !== undefined) this.byAsked.set(asked, [...(this.byAsked.get(asked) ?? []), indexed]);
    if (indexed.key !== undefined) this.byKey.set(indexed.key, indexed);
  }

  private forget(file: string): void {
    const indexed = this.known.get(file);
    if (indexed === undefined) return;
    this.known.delete(file);
    const { asked, key } = indexed;
    if (asked !== undefined) {
      const left = this.byAsked.get(asked)?.filter((other) => other.file !== file) ?? [];
      if (left.length === 0) this.byAsked.delete(asked);
      else this.byAsked.set(asked, left);
    }
    if (key !== undefined && this.byKey.get(key) === indexed) this.byKey.delete(key);
  }
}

function fits(indexed: Indexed, { asked, provider, key }: CassetteQuery): boolean {
  if (indexed.asked === undefined) return key !== undefined && indexed.key === key;
  return indexed.asked === asked && mayAnswer(indexed.provider, provider);
}

function rank(indexed: Indexed, { provider }: CassetteQuery): number {
  return indexed.provider === provider ? 0 : 1;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unavailable(dir: string, what: 'read' | 'written', error: unknown): AiError {
  const said = error instanceof Error ? error.message : String(error);
  return new AiError('AI_CASSETTES_UNAVAILABLE', `The cassettes in ${dir} cannot be ${what}: ${said}.`, {
    hint: 'Check that it is a folder, its permissions, and that the disk has room.',
    cause: error,
  });
}

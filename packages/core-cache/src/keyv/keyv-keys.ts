import { hash } from 'node:crypto';

/**
 * Keys in the Keyv store: short and of plain characters, whatever the cache's keys are, because stores limit both. Hexadecimal, because
 * some compare without regard to case. Hashed as UTF-16, which keeps lone surrogates apart; UTF-8 merges them.
 */
export class KeyvKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  entry(namespace: string, key: string): string {
    return this.#make('entry', namespace, key);
  }

  /** Key of the generation of a namespace, or of a tag in it. */
  generation(namespace: string, tag: string | undefined): string {
    return tag === undefined ? this.#make('space', namespace, '') : this.#make('tag', namespace, tag);
  }

  /** Nothing is ever stored here; reading it shows whether the store answers. */
  get probe(): string {
    return this.#make('probe', '', '');
  }

  #make(kind: string, namespace: string, name: string): string {
    const text = `${this.#prefix.length}:${this.#prefix}${kind}:${namespace.length}:${namespace}${name}`;
    return `${this.#prefix}-${kind}-${hash('sha256', Buffer.from(text, 'utf16le'), 'hex')}`;
  }
}

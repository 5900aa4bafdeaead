import { hash } from 'node:crypto';

/**
 * The store's own keys: short, of plain characters, whatever the cache's keys are, since stores limit both. Hexadecimal, since some
 * compare without regard to case. UTF-16 keeps lone surrogates apart, which UTF-8 would make one.
 */
export class KeyvKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  entry(namespace: string, key: string): string {
    return this.#make('entry', namespace, key);
  }

  /** Of the generation of a namespace, or of a tag in it. */
  generation(namespace: string, tag: string | undefined): string {
    return tag === undefined ? this.#make('space', namespace, '') : this.#make('tag', namespace, tag);
  }

  /** Nothing is ever stored there: to ask whether the store answers. */
  get probe(): string {
    return this.#make('probe', '', '');
  }

  #make(kind: string, namespace: string, name: string): string {
    const text = `${this.#prefix.length}:${this.#prefix}${kind}:${namespace.length}:${namespace}${name}`;
    return `${this.#prefix}-${kind}-${hash('sha256', Buffer.from(text, 'utf16le'), 'hex')}`;
  }
}

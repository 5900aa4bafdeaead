import { hash } from 'node:crypto';

const MAX_PLAIN_LENGTH = 512;
/** Half a SHA-256: names of clears need not be decoded, and they are part of every record that has tags. */
export const MEMBER_BYTES = 16;
const MAX_KNOWN_MEMBERS = 1000;

/**
 * Names of everything kept in Redis. `{prefix}` is a hash tag: all keys of one prefix are in one slot of a cluster, so that a script sees
 * entries, clears and the sequence at one moment, and the sequence covers all namespaces, as the store contract requires.
 */
export class RedisKeys {
  /** Sequence, floor and clears, in one key: they can only be evicted together, and then no earlier entry counts. */
  readonly state: string;
  readonly channel: string;
  readonly #tag: string;
  readonly #members: Map<string, Buffer> = new Map();

  constructor(prefix: string) {
    this.#tag = `{${prefix}}`;
    this.state = `${this.#tag}:state`;
    this.channel = `${this.#tag}:changes`;
  }

  entry(namespace: string, key: string): string {
    return `${this.#tag}:entry:${pair(namespace, key)}`;
  }

  lease(namespace: string, key: string): string {
    return `${this.#tag}:lease:${pair(namespace, key)}`;
  }

  /** A pattern for `SCAN` that matches the entries of the namespace and of no other. */
  entryPattern(namespace: string): string {
    const literal = `${this.#tag}:entry:${nameOf(namespace)}`.replaceAll(/[\\*?[\]^]/g, '\\$&');
    return `${literal}[:#]*`;
  }

  /** The name under which a clear of the namespace is kept. */
  clearOfNamespace(namespace: string): Buffer {
    const known = this.#members.get(namespace);
    if (known !== undefined) return known;
    if (this.#members.size >= MAX_KNOWN_MEMBERS) this.#members.clear();
    const member = shortDigest(`${namespace.length}:${namespace}`);
    this.#members.set(namespace, member);
    return member;
  }

  /** The name under which a clear of the tag is kept. */
  clearOfTag(namespace: string, tag: string): Buffer {
    return shortDigest(`${namespace.length}:${namespace}:${tag}`);
  }
}

/** The leading length keeps any two pairs apart; `#` instead of `:` keeps a hash from colliding with a plain key of the same text. */
function pair(namespace: string, key: string): string {
  const name = nameOf(namespace);
  const isPlain = key.length <= MAX_PLAIN_LENGTH && key.isWellFormed();
  return isPlain ? `${name}:${key}` : `${name}#${digest(key)}`;
}

function nameOf(namespace: string): string {
  return namespace.isWellFormed() ? `${namespace.length}:${namespace}` : `#${digest(namespace)}`;
}

function digest(text: string): string {
  // UTF-16 keeps lone surrogates apart, which UTF-8 merges.
  return hash('sha256', Buffer.from(text, 'utf16le'), 'hex');
}

function shortDigest(text: string): Buffer {
  return hash('sha256', Buffer.from(text, 'utf16le'), 'buffer').subarray(0, MEMBER_BYTES);
}

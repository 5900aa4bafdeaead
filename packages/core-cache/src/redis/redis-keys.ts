import { hash } from 'node:crypto';

const MAX_PLAIN_LENGTH = 512;
/** Half a SHA-256: names of clears need not be read back, and stand in every record that has tags. */
export const MEMBER_BYTES = 16;
const MAX_KNOWN_MEMBERS = 1000;

/**
 * Names of everything kept in Redis. `{prefix}` is a hash tag: all keys of one prefix lie in one slot of a cluster, so that a script
 * sees entries, clears and the sequence at one moment, and the sequence counts for all namespaces, as the contract of a store wants.
 */
export class RedisKeys {
  /** Sequence, floor and clears, in one key: whatever evicts one of them evicts all, and the entries from before count for nothing. */
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

  /** A pattern for `SCAN` that finds the entries of the namespace, and those of no other. */
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

/** The length in front keeps any two pairs apart; `#` instead of `:` a hash from a plain key of the same text. */
function pair(namespace: string, key: string): string {
  const name = nameOf(namespace);
  const isPlain = key.length <= MAX_PLAIN_LENGTH && key.isWellFormed();
  return isPlain ? `${name}:${key}` : `${name}#${digest(key)}`;
}

function nameOf(namespace: string): string {
  return namespace.isWellFormed() ? `${namespace.length}:${namespace}` : `#${digest(namespace)}`;
}

function digest(text: string): string {
  // UTF-16 keeps apart what UTF-8 merges: lone surrogates.
  return hash('sha256', Buffer.from(text, 'utf16le'), 'hex');
}

function shortDigest(text: string): Buffer {
  return hash('sha256', Buffer.from(text, 'utf16le'), 'buffer').subarray(0, MEMBER_BYTES);
}

/** What one process tells the others through the channel. */
export type RedisMessage =
  | { readonly kind: 'key'; readonly writer: string; readonly namespace: string; readonly key: string }
  | {
      readonly kind: 'clear';
      readonly writer: string;
      readonly namespace: string;
      readonly tag: string | undefined;
    }
  | { readonly kind: 'release'; readonly writer: string; readonly namespace: string; readonly key: string };

const KINDS = { key: 'k', clear: 'c', release: 'r' } as const;

/** JSON, which also carries lone surrogates. */
export function encodeMessage(message: RedisMessage): string {
  const subject = message.kind === 'clear' ? (message.tag ?? null) : message.key;
  return JSON.stringify([KINDS[message.kind], message.writer, message.namespace, subject]);
}

/** Undefined for a message that is not ours or comes from a later version. */
export function decodeMessage(text: string): RedisMessage | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const [kind, writer, namespace, subject] = parsed as unknown[];
  if (typeof writer !== 'string' || typeof namespace !== 'string') return undefined;
  if (kind === KINDS.clear && (subject === null || typeof subject === 'string')) {
    return { kind: 'clear', writer, namespace, tag: subject ?? undefined };
  }
  if (typeof subject !== 'string') return undefined;
  if (kind === KINDS.key) return { kind: 'key', writer, namespace, key: subject };
  return kind === KINDS.release ? { kind: 'release', writer, namespace, key: subject } : undefined;
}

/** Longest slug in bytes: leaves room for `-2`, revisions and temporary names within the usual limit of 255. */
const maxBytes = 60;

/** Windows device names, reserved whatever follows the first dot. */
const reserved = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/u;

/**
 * Turns a name into a folder name: lower-case letters and digits of any script joined by single `-`, NFC, at most 60
 * bytes, never empty, never a Windows device name, never a dot or separator. Accents are removed so that it is easy to
 * type. Idempotent.
 */
export function slugify(name: string): string {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .normalize('NFC');
  const words = plain.replace(/[^\p{L}\p{N}\p{M}]+/gu, '-');
  const slug = trimDashes(cutToBytes(trimDashes(words), maxBytes));
  if (slug === '') return 'project';
  return reserved.test(slug) ? `${slug}-project` : slug;
}

/** Whether `slugify` leaves a text unchanged. */
export function isSlug(text: string): boolean {
  return slugify(text) === text;
}

/** Names that a case-insensitive or normalising file system treats as equal have the same key. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function cutToBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  let cut = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    cut += character;
  }
  return cut;
}

function trimDashes(text: string): string {
  return text.replace(/^-+|-+$/gu, '');
}

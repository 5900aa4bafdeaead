/** Longest slug in bytes: leaves room for `-2`, revisions and temporary names below the usual 255. */
const maxBytes = 60;

/** Names that Windows gives to devices, whatever follows the first dot. */
const reserved = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/u;

/**
 * A name for a folder, made of what a person called something: lower-case letters and digits of any script joined by
 * single `-`, composed (NFC), at most 60 bytes, never empty, never a device of Windows, never a dot or a separator.
 * Accents fall away, so that the result can be typed. The slug of a slug is itself.
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

/** Whether a text is a slug as `slugify` makes them. */
export function isSlug(text: string): boolean {
  return slugify(text) === text;
}

/** Two names that a case-insensitive or normalising file system takes for one have the same key. */
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

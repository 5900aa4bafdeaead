/** Owner of the entries that name none. */
export const NOBODY = '';

/** The owner of an entry: its first tag with the prefix `ownerTag`. Without `ownerTag`, all entries belong to one owner. */
export function ownerOf(tags: readonly string[], ownerTag: string | undefined): string {
  if (ownerTag === undefined) return NOBODY;
  for (const tag of tags) if (tag.startsWith(ownerTag)) return tag;
  return NOBODY;
}

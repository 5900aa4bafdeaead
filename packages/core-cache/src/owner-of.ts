/** Whose entries are that name no owner. */
export const NOBODY = '';

/** The owner of an entry: its first tag that begins so. Without `ownerTag`, all entries are one owner's. */
export function ownerOf(tags: readonly string[], ownerTag: string | undefined): string {
  if (ownerTag === undefined) return NOBODY;
  for (const tag of tags) if (tag.startsWith(ownerTag)) return tag;
  return NOBODY;
}

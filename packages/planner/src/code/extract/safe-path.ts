/** A path relative to the target folder, with `/` as the separator, or what is wrong with the name. */
export type PathCheck = { readonly path: string } | { readonly problem: string };

const maxPartBytes = 255;
const maxPathBytes = 1024;
/** Windows device names, with any extension, including the superscript digits that Windows treats as digits. */
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?$/iu;

/**
 * Checks a name written by a model: it must stay inside the folder and mean the same on every system, not only on the
 * one this runs on.
 */
export function checkPath(name: string): PathCheck {
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) return { problem: 'it has invisible characters' };
  if (/^[A-Za-z]:/u.test(name)) return { problem: 'it names a drive' };
  const parts = name.replaceAll('\\', '/').split('/');
  if (parts[0] === '') return { problem: 'it is an absolute path' };
  if (parts.includes('..')) return { problem: 'it leads out of the folder' };
  if (parts.at(-1) === '' || parts.at(-1) === '.') return { problem: 'it names a folder' };
  const kept = parts.filter((part) => part !== '' && part !== '.');
  if (kept[0]?.startsWith('~') === true) return { problem: 'it begins in a home folder' };
  for (const part of kept) {
    const problem = checkPart(part);
    if (problem !== undefined) return { problem };
  }
  const path = kept.join('/').normalize('NFC');
  return Buffer.byteLength(path) > maxPathBytes ? { problem: 'it is too long' } : { path };
}

function checkPart(part: string): string | undefined {
  if (/[<>:"|?*]/u.test(part)) return 'it has characters that not every system allows';
  if (/[. ]$/u.test(part)) return 'a part of it ends in a dot or a space';
  if (device.test(part)) return 'it names a device';
  // The next git command would execute what is written there. NTFS also knows the folder by its short name.
  if (/^(?:\.git|git~\d+)$/iu.test(part)) return 'it leads into the folder of git';
  return Buffer.byteLength(part) > maxPartBytes ? 'a part of it is too long' : undefined;
}

/** Words that say nothing about a subject, in the English of prompts. */
const COMMON = new Set(
  `about above across after again against also although always among another answer anything around asked because been before
  begin being below between both bring called cannot come could describe detail details does doing done down each either else
  enough even ever every everything example explain first following from further give given good have having hello help here
  however include including instead into itself just keep kind know last least less like list little long look made make makes
  many might more most much must name need needs never next nothing only other over part people perhaps please prompt provide
  question rather really reply request respond response same section sections several shall should show shows simple since some
  something still such sure take tell text than thank that their them then there these they thing things think this those three
  through time together topic under until upon user using very want well were what when where whether which while whom whose
  will with within without word words would write writing written your yours markdown heading headings document documents`.split(
    /\s+/,
  ),
);
const WORD = /[\p{L}][\p{L}\p{N}'’-]*/gu;
const SHORTEST = 4;
const READ_CHARACTERS = 4_000;

/** Up to `limit` telling words of a text, in order of appearance, lower case, each once. */
export function tellingWords(text: string, limit: number): string[] {
  const found = new Set<string>();
  for (const [word] of text.slice(0, READ_CHARACTERS).matchAll(WORD)) {
    const lower = word.toLowerCase();
    if (lower.length < SHORTEST || COMMON.has(lower)) continue;
    found.add(lower);
    if (found.size >= limit) break;
  }
  return [...found];
}

/** Proper-looking names: runs of capitalised words that do not merely begin a sentence. */
export function properNames(text: string): string[] {
  const found = new Set<string>();
  for (const match of text
    .slice(0, READ_CHARACTERS)
    .matchAll(/(?<=[\p{Ll}\p{N},;:("“'] ?["“'(]?)\p{Lu}[\p{L}\p{N}-]+(?: \p{Lu}[\p{L}\p{N}-]+)*/gu))
    if (!COMMON.has(match[0].toLowerCase())) found.add(match[0]);
  return [...found];
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Tide Clock!` becomes `tide-clock`; never empty. */
export function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return slug === '' ? 'example' : slug;
}

/** `text` on one line, at most `limit` characters, cut at a word and marked when cut. */
export function excerpt(text: string, limit: number): string {
  const line = text
    .slice(0, limit * 4)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= limit) return line;
  const space = line.lastIndexOf(' ', limit);
  return `${line.slice(0, space > limit / 2 ? space : limit)}…`;
}

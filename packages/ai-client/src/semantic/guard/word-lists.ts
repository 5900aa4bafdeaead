/** Splits a list written as text. */
function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(words(text).map((pair) => pair.split(':') as [string, string]));
}

/**
 * English words that may be added, removed or changed without altering the meaning of a question or an instruction. Any other word counts:
 * past and future ("was", "will"), "can", "how" and "why", "for", "from", "in" and "or", "my" and "your".
 */
export const freeWords: ReadonlySet<string> = new Set(
  words('a an the is are there any and of to also just really actually kindly'),
);

/** Acronyms that are other words in lower case. */
export const acronymsLikeWords: ReadonlySet<string> = new Set(words('IT US WHO'));

/** Tasks about the wording of a text, in which every word and its form matter. */
export const aboutWording: RegExp =
  /\b(?:translat|rewrit|rephras|paraphras|proofread|correct|spell|rhym|pronounc|pronunciation|plural|singular|synonym|antonym|grammar|verb|noun|adjective|word|letter|sentence|phrase|politely|meaning|define|definition|capitali[sz]|punctuat|syllable|regex)/i;

const commands =
  'tell|explain|describe|show|give|write|list|help|make|create|summari[sz]e|translate|find|suggest|recommend|convert|calculate';

/** Phrases of politeness and wrapping, whose individual words count elsewhere, and alternative wordings of the same thing. */
export const freePhrases: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/^\s*(?:hi|hello|hey)(?: there)?\b[\s,.!-]*/giu, ''],
  [/\b(?:many )?(?:thanks|thank you)(?: very much| in advance)?\b/giu, ''],
  [/^\s*(?:so|ok|okay|well),\s*/giu, ''],
  [/\bplease\b,?/giu, ''],
  [/\bi(?: would|'d) like to (?:know|understand|find out)\b/giu, ''],
  [/\bi (?:want|need) to (?:know|understand|find out)\b/giu, ''],
  [/\bdo you (?:happen to )?know(?= (?:how|what|who|when|where|why|which)\b)/giu, ''],
  [new RegExp(`^\\s*(?:can|could|would|will) you\\s+(?=(?:${commands})\\b)`, 'giu'), ''],
  [new RegExp(`^\\s*i(?: would|'d) like you to\\s+(?=(?:${commands})\\b)`, 'giu'), ''],
  [/^\s*explain\b(.*?) to me\b/giu, '$1'],
  [/^\s*(?:tell me|let me know|explain|describe)(?: about| what| which)?\b(?! (?:if|that)\b)/giu, ''],
  [/\b(write|give|show|make|find|suggest|recommend) me\b/giu, '$1'],
  [/\b(how(?: long| much| many)?|where) (?:(?:do|can|could) (?:i|one)|to)\b/giu, '$1'],
  [/^\s*(?:what|which)(?:'s|\s+(?:is|are))\b/giu, ''],
  // Keeps "What does it do?" distinct from "What is it?".
  [/\bdo(?:es)?(?=[^\p{L}]*$)/giu, 'act'],
  [/^\s*(?:what|which) (?:do|does)\b/giu, ''],
  [/\b(how(?: \w+)?|why|when|where) (?:do|does)\b/giu, '$1'],
];

/** The beginning of a sentence that asks for yes or no. */
export const yesOrNo: RegExp = /^\s*(?:is|are|do|does)\b(?!n't)/i;

/** Synonyms in any context, each mapped to one canonical word. */
export const sameWords: ReadonlyMap<string, string> = pairs(`
  automobile:car cellphone:phone film:movie purchase:buy begin:start commence:start assist:help utilize:use utilise:use
  obtain:get acquire:get large:big huge:big tiny:small rapid:fast rapidly:fast repair:fix erase:delete remove:delete
  colour:color favourite:favorite centre:center organise:organize summarise:summarize analyse:analyze
  photo:picture kid:child children:child people:person persons:person men:man women:woman mice:mouse feet:foot teeth:tooth
  shall:will
`);

/** Number words. "one" is omitted: it is also a pronoun, and its absence already distinguishes it from other numbers. */
export const numberWords: ReadonlyMap<string, string> = pairs(`
  zero:0 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 thirteen:13 fourteen:14
  fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fifty:50 sixty:60 seventy:70
  eighty:80 ninety:90 hundred:100 thousand:1000 million:1000000 billion:1000000000
`);

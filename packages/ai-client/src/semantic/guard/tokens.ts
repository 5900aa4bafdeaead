import { acronymsLikeWords, freePhrases, yesOrNo } from './word-lists.js';

/** One piece of a text. */
export interface Token {
  /** `literal`: a quotation, code, an identifier, an address, a number or a unit in capitals, compared exactly as written. */
  readonly kind: 'literal' | 'word';
  /** Words are in lower case. */
  readonly text: string;
  /** Whether it is written like a name: capitalised, but not at the beginning of a sentence. */
  readonly isName: boolean;
}

/** Fenced code, inline code, and quotations. A single quote opens one only if no letter or digit precedes it. */
const quoted =
  /```[\s\S]*?```|`[^`]+`|"[^"]+"|(?<![\p{L}\p{N}])'[^'\n]+'(?![\p{L}\p{N}])|«[^»]+»|„[^“"]+[“"]/gu;
const yesOrNoQuestion: Token = { kind: 'literal', text: 'yes or no', isName: false };
const sentenceEnd = /[.!?:]$/;
const number = /^([-+]?\d+(?:[.,]\d+)*)(\p{L}{0,3}|%)$/u;
const thousands = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
/** A number that a unit may follow: nothing ends behind it. */
const bareNumber = /^[([¿¡,;]*[-+]?\d+(?:[.,]\d+)*$/;
const shortWord = /^\p{L}{1,3}$/u;
const plainWord = /^\p{L}[\p{L}\p{M}'-]*$/u;
const innerCapital = /\p{Ll}\p{Lu}/u;
const means = /[\p{L}\p{N}\p{S}#%&@*/\\_{}[\]<>^|~]/u;
const leadingPunctuation = /^[([¿¡,;]+/;
const trailingPunctuation = /[)\],;.!?:…]+$/;

/** Tokenizes a text, ignoring case, spacing, politeness and sentence punctuation. */
export function tokensOf(text: string): Token[] {
  const plain = text.normalize('NFC').replaceAll(/[’‘]/g, "'").replaceAll(/[“”]/g, '"');
  const tokens: Token[] = [];
  let at = 0;
  for (const match of plain.matchAll(quoted)) {
    addProse(tokens, plain.slice(at, match.index));
    tokens.push({ kind: 'literal', text: match[0], isName: false });
    at = match.index + match[0].length;
  }
  addProse(tokens, plain.slice(at));
  return tokens;
}

function addProse(tokens: Token[], prose: string): void {
  const unwrapped = unwrap(prose);
  let opens = tokens.length === 0;
  let isCounted = false;
  if (yesOrNo.test(unwrapped)) tokens.push(yesOrNoQuestion);
  for (const chunk of unwrapped.replace(yesOrNo, '').split(/\s+/)) {
    if (chunk === '') continue;
    addChunk(tokens, chunk, opens, isCounted);
    opens = sentenceEnd.test(chunk);
    isCounted = bareNumber.test(chunk);
  }
}

/** Removes optional phrases; leaves the rest as written. */
function unwrap(prose: string): string {
  return freePhrases.reduce((text, [phrase, replacement]) => text.replaceAll(phrase, replacement), prose);
}

function addChunk(tokens: Token[], chunk: string, opens: boolean, isCounted: boolean): void {
  const inner = chunk.replace(leadingPunctuation, '');
  const call = /^[^()]*\(\)/.exec(inner)?.[0];
  const bare = call ?? inner.replace(trailingPunctuation, '');
  if (!means.test(bare)) return;
  const [, digits, unit = ''] = number.exec(bare) ?? [];
  if (digits !== undefined) {
    const text = thousands.test(digits) ? digits.replaceAll(',', '') : digits;
    tokens.push({ kind: 'literal', text, isName: false });
    if (unit !== '') tokens.push(unitToken(unit));
  } else if (isCounted && shortWord.test(bare)) {
    tokens.push(unitToken(bare));
  } else if (!plainWord.test(bare) || innerCapital.test(bare)) {
    tokens.push({ kind: 'literal', text: bare, isName: false });
  } else {
    for (const part of bare.split('-')) if (part !== '') tokens.push(word(part, opens));
  }
}

/** In units, capitals mean something: "5 mW" is not "5 MW". "5 PM" is "5 pm". */
function unitToken(text: string): Token {
  if (text === text.toLowerCase() || /^[ap]m$/i.test(text)) return word(text, false);
  return { kind: 'literal', text, isName: false };
}

/** "I" is never a name, and an acronym always is. */
function word(text: string, opens: boolean): Token {
  const isAcronym = /^\p{Lu}{2,}$/u.test(text);
  if (isAcronym && acronymsLikeWords.has(text)) return { kind: 'literal', text, isName: true };
  const isCapital = /^\p{Lu}/u.test(text) && !/^I(?:'|$)/.test(text);
  return { kind: 'word', text: text.toLowerCase(), isName: isAcronym || (isCapital && !opens) };
}

/** Longer words rarely repeat. Characters. */
const longestWord = 24;
const maxWords = 1000;

/** Memoises a string derived from a frequent word, such as a field name or role; bounded. */
export class KnownWords {
  private readonly make: (word: string) => string;
  private readonly known: Map<string, string> = new Map();

  constructor(make: (word: string) => string) {
    this.make = make;
  }

  get(word: string): string {
    if (word.length > longestWord) return this.make(word);
    const known = this.known.get(word);
    if (known !== undefined) return known;
    // A caller that keeps sending new words must not displace the others for good.
    if (this.known.size >= maxWords) this.known.clear();
    const made = this.make(word);
    this.known.set(word, made);
    return made;
  }
}

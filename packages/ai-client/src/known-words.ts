/** Longer ones are seldom seen twice. Characters. */
const longestWord = 24;
const maxWords = 1000;

/** What is made of words that come again and again, such as the names of fields and roles; made once each, for as many as fit. */
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
    // Whoever sends ever new words should not push out the others for good.
    if (this.known.size >= maxWords) this.known.clear();
    const made = this.make(word);
    this.known.set(word, made);
    return made;
  }
}

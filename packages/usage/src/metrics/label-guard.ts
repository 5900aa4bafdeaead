/** Lets a bounded number of label values through. */
export interface LabelGuard {
  /**
   * The value itself while it is known or, when `admit` is true and there is room, from now on; else `other`.
   */
  pass(value: string, admit: boolean): string;
}

/** What stands for every value beyond the bound. */
const otherLabel = 'other';

const maxLength = 120;

/**
 * Label values such as model names come from callers. Each distinct one costs memory here and in every scraper for
 * ever, so only the first `maxValues` that are admitted keep their name.
 */
export function createLabelGuard(maxValues: number): LabelGuard {
  const known = new Set<string>();
  return {
    pass(value, admit) {
      if (known.has(value)) return value;
      if (!admit || known.size >= maxValues || !isPresentable(value)) return otherLabel;
      known.add(value);
      return value;
    },
  };
}

/** Control characters and lone surrogates are no part of any model's name, and some scrapers choke on them. */
function isPresentable(value: string): boolean {
  return value !== '' && value.length <= maxLength && value.isWellFormed() && !/\p{Cc}/u.test(value);
}

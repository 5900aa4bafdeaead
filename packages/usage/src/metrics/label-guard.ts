/** Lets a bounded number of label values through. */
export interface LabelGuard {
  /** Returns the value itself if it is known, or admits it if `admit` is true and there is room; otherwise returns `other`. */
  pass(value: string, admit: boolean): string;
}

/** Stands for every value beyond the limit. */
const otherLabel = 'other';

const maxLength = 120;

/**
 * Label values such as model names come from callers. Each distinct one costs memory here and in every scraper forever, so only the first
 * `maxValues` that are admitted keep their names.
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

/** No model name contains control characters or lone surrogates, and some scrapers choke on them. */
function isPresentable(value: string): boolean {
  return value !== '' && value.length <= maxLength && value.isWellFormed() && !/\p{Cc}/u.test(value);
}

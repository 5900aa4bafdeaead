/** Shares one call of `ask` among all callers while it is pending and for `forMs` after it resolves. A failure is not kept. */
export function recently<T>(
  ask: () => Promise<T>,
  forMs: number,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let asked: { readonly answer: Promise<T>; goodUntil: number } | undefined;
  return () => {
    if (asked !== undefined && now() < asked.goodUntil) return asked.answer;
    const current = { answer: ask(), goodUntil: Number.POSITIVE_INFINITY };
    asked = current;
    current.answer.then(
      () => {
        // The time runs from here: an answer may take longer than `forMs` to arrive.
        current.goodUntil = now() + forMs;
      },
      () => {
        asked = undefined;
      },
    );
    return current.answer;
  };
}

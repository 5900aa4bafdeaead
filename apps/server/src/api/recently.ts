/** Asks once for all who want to know while the answer is on its way, and for who does within `forMs` behind it. What failed is asked anew. */
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
        // An answer may take longer to come than it is good for.
        current.goodUntil = now() + forMs;
      },
      () => {
        asked = undefined;
      },
    );
    return current.answer;
  };
}

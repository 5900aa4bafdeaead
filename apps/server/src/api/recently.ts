/** Asks once for all who want to know at the same time, and for who does within `forMs` behind it. What failed is asked anew. */
export function recently<T>(ask: () => Promise<T>, forMs: number): () => Promise<T> {
  let asked: { readonly answer: Promise<T>; readonly until: number } | undefined;
  return () => {
    const now = performance.now();
    if (asked !== undefined && now < asked.until) return asked.answer;
    const current = { answer: ask(), until: now + forMs };
    asked = current;
    current.answer.catch(() => {
      if (asked === current) asked = undefined;
    });
    return current.answer;
  };
}

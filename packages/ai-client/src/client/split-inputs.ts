/** Most inputs per request: OpenAI's API reference, "Create embeddings", `input`. */
const maxInputs = 2048;

/**
 * Most bytes of inputs per request. The same reference allows 300,000 tokens in total; a token is at least one byte of UTF-8, so this holds
 * for every tokenizer without needing one. A longer text is sent alone.
 */
const maxBytes = 300_000;

/** Divides inputs into batches that a provider accepts. */
export function splitInputs(inputs: readonly string[]): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const input of inputs) {
    const size = Buffer.byteLength(input);
    if (batch.length === 0 || batch.length === maxInputs || bytes + size > maxBytes) {
      batch = [];
      batches.push(batch);
      bytes = 0;
    }
    batch.push(input);
    bytes += size;
  }
  return batches;
}

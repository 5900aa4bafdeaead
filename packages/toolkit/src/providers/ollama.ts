/** A local server answers at once or not at all. */
const probeTimeoutMs = 300;

/** Whether an Ollama answers at `baseUrl`: its version endpoint costs it nothing. */
export async function ollamaAnswers(baseUrl: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/api/version', baseUrl), {
      signal: AbortSignal.timeout(probeTimeoutMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

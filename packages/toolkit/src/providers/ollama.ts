import type { Provider } from '@ai-toolkit/ai-client';

/** A local server answers at once or not at all. */
const probeTimeoutMs = 300;

/** Whether an Ollama answers: its version endpoint costs it nothing. */
export async function ollamaAnswers({ baseUrl }: Provider): Promise<boolean> {
  try {
    const response = await fetch(
      new URL('/api/version', typeof baseUrl === 'string' ? baseUrl : await baseUrl()),
      {
        signal: AbortSignal.timeout(probeTimeoutMs),
      },
    );
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

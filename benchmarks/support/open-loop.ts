import { Agent } from 'undici';

export interface OpenLoop {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the request with this number. */
  readonly body: (index: number) => string;
  /** Requests per second, whether or not earlier ones have been answered. */
  readonly rate: number;
  readonly seconds: number;
}

/** One of the requests sent. */
export interface Sample {
  /** From the first byte sent to the last one received, ms. */
  readonly tookMs: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const tickMs = 1;

/** Sends requests at a fixed rate, and returns a sample of each. */
export async function openLoop({ url, headers, body, rate, seconds }: OpenLoop): Promise<readonly Sample[]> {
  const agent = new Agent({ connections: 256 });
  const count = Math.floor(rate * seconds);
  const running: Promise<Sample>[] = [];
  const startedAt = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - startedAt) / 1000) * rate));
      while (running.length < due) running.push(send(agent, url, headers, body(running.length)));
      if (running.length < count) return;
      clearInterval(timer);
      resolve();
    }, tickMs);
  });
  const samples = await Promise.all(running);
  await agent.close();
  return samples;
}

async function send(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Sample> {
  const { origin, pathname } = new URL(url);
  const from = performance.now();
  const answer = await agent.request({ origin, path: pathname, method: 'POST', headers, body });
  await answer.body.arrayBuffer();
  return { tookMs: performance.now() - from, status: answer.statusCode, headers: answer.headers };
}

/** The value below which `share` (0 to 1) of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

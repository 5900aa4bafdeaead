import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { type Hostile, hostile } from './support/hostile.js';
import { type RawAnswer, sendRaw } from './support/raw-request.js';
import { createStage } from './support/stage.js';

/** `AI_TOOLKIT_FUZZ=50000` for the whole of it. */
const count = Number(process.env.AI_TOOLKIT_FUZZ ?? 4000);
const seed = Number(process.env.AI_TOOLKIT_FUZZ_SEED ?? 7);
const atOnce = 16;

const requestId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What is wrong with an answer; `undefined`: nothing. */
function faultOf({ path, method, bytes }: Hostile, { status, headers, body }: RawAnswer): string | undefined {
  if (status === 0) return 'closed without a word';
  if (status < 400) return undefined;
  if (!requestId.test(headers['x-request-id'] ?? '')) return 'no request id';
  if (method === 'HEAD') return undefined;
  let parsed: {
    type?: unknown;
    error?: { type?: unknown; message?: unknown; code?: unknown; details?: unknown };
  };
  try {
    parsed = JSON.parse(Buffer.from(body, 'latin1').toString());
  } catch {
    return 'no JSON';
  }
  if (typeof parsed.error?.message !== 'string' || parsed.error.message === '') return 'no message';
  const code = JSON.stringify([parsed.error.code, parsed.error.details]);
  if (status >= 500 && !(status === 504 && code.includes('AI_NOT_CACHED'))) return 'a fault of ours';
  // What is no request has no route.
  if (code.includes('BAD_REQUEST') && parsed.error.message.toString().includes('not a readable HTTP request'))
    return undefined;
  const isAnthropic =
    /^(http:\/\/example\.org)?\/v1\/messages(\/count_tokens)?(\?|$)/.test(path) ||
    (path.startsWith('/v1/') &&
      !/^\/v1\/(chat\/completions|responses|embeddings)(\?|$)/.test(path) &&
      bytes.includes('\r\nanthropic-version:'));
  if (isAnthropic !== (parsed.type === 'error')) return 'the wrong format';
  return undefined;
}

describe('hostile requests', () => {
  it(`${count} of them (seed ${seed}): no crash, no fault of ours, and errors in the format of the route`, async () => {
    await using stage = await createStage({ config: '[server]\nrequestTimeoutMs = 2000\n' });
    const requests = fc.sample(hostile, { numRuns: count, seed });
    const faults: string[] = [];
    const seen = new Map<number, number>();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < requests.length && faults.length < 5) {
        const request = requests[next++] as Hostile;
        const answer = await sendRaw(stage.url, request.bytes);
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        const fault = faultOf(request, answer);
        if (fault !== undefined)
          faults.push(
            `${fault}: ${answer.status} ${answer.body.slice(0, 300)}\nfor ${JSON.stringify(request.bytes.toString('latin1').slice(0, 700))}`,
          );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(faults).toEqual([]);
    // The generator reaches what it is to try: good answers, and refusals of each sort.
    for (const status of [200, 400, 403, 404, 405])
      expect(seen.get(status), String(status)).toBeGreaterThan(0);
    expect((await ask(stage.url, 'Still there')).status).toBe(200);
    const metrics = await (await fetch(`${stage.url}/metrics`)).text();
    expect(metrics).toMatch(/^ai_toolkit_inflight(\{.*\})? 0$/m);
    expect(await stage.server.end('SIGTERM')).toBe(0);
    expect(stage.server.stderr()).not.toMatch(/Error|at .*:\d+:\d+/);
  }, 600_000);
});

import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent } from 'undici';
import { startGateway } from '../support/gateway-process.ts';
import { residentBytesOf } from '../support/process-facts.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite } from '../support/suite.ts';

/** Overridden by `LIVE_STREAMS`. */
const streams = Number(process.env.LIVE_STREAMS ?? 2000);
const rounds = 3;
const pieces = 10;
const pauseMs = 3000;
/** Streams start spread over this time, ms, so that all are open well before the first one ends. */
const rampMs = 15_000;
const lookEveryMs = 250;
const answer = `[simulator-answer: tokens=${pieces * 4}; chunks=${pieces}]`;
const slow = `[simulator-fault: chunk-delay=${pauseMs}]`;
const path = '/v1/chat/completions';
const bareProxy = fileURLToPath(new URL('../support/bare-proxy.ts', import.meta.url));
let drawn = 0;

interface Streamed {
  readonly text: string;
}

/** Requests a stream with a new prompt; `onFirst` is called at its first bytes. */
function ask(agent: Agent, origin: string, wish: string, onFirst: () => void): Promise<Streamed> {
  drawn += 1;
  const messages = [{ role: 'user', content: `${drawn} ${answer} ${wish}` }];
  // Request the usage event: the bare proxy always passes it on, the gateway only on request.
  const body = JSON.stringify({
    model: 'gpt-4o-mini',
    stream: true,
    stream_options: { include_usage: true },
    messages,
  });
  return new Promise((resolve, reject) => {
    let text = '';
    agent.dispatch(
      { origin, path, method: 'POST', headers: { 'content-type': 'application/json' }, body },
      {
        onRequestStart: () => {},
        onResponseStart: (controller, status) => {
          if (status !== 200) controller.abort(new Error(`A stream was refused with ${status}.`));
        },
        onResponseData: (_controller, chunk) => {
          if (text === '') onFirst();
          text += chunk.toString('latin1');
        },
        onResponseEnd: () => resolve({ text }),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

function eventsIn({ text }: Streamed): number {
  return text.split('data: ').length - 1;
}

interface Reading {
  readonly bytesEach: number;
  readonly whole: number;
}

/** Memory of a server while all streams are open, less what it used before. */
async function readingOf(server: ServerProcess, expectedEvents: number): Promise<Reading> {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 60_000 } });
  // Warm up: code gets compiled, and one-off allocations are made.
  await Promise.all(Array.from({ length: 200 }, () => ask(agent, server.url, '', () => {})));
  await setTimeout(1000);
  const before = await residentBytesOf(server.pid);
  let open = 0;
  let most = 0;
  let mostOpen = 0;
  const running = Array.from({ length: streams }, async (_, index) => {
    await setTimeout((index * rampMs) / streams);
    const streamed = await ask(agent, server.url, slow, () => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
    });
    open -= 1;
    return streamed;
  });
  const all = Promise.all(running);
  let over = false;
  void all.finally(() => {
    over = true;
  });
  while (!over) {
    if (open === streams) most = Math.max(most, await residentBytesOf(server.pid));
    await setTimeout(lookEveryMs);
  }
  const answers = await all;
  await agent.close();
  if (most === 0) throw new Error(`Of ${streams} streams, no more than ${mostOpen} were open at once.`);
  const whole = answers.filter(
    (streamed) => streamed.text.endsWith('data: [DONE]\n\n') && eventsIn(streamed) === expectedEvents,
  );
  return { bytesEach: (most - before) / streams, whole: whole.length };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export const suite: Suite = {
  title: 'Live streams',
  method: `${streams} simultaneous streams through one process, of ${pieces} chunks at intervals of ${pauseMs} ms, in front of the simulator in its own process. Resident memory while all are open, less that before the first, divided by their number; the median of ${rounds} processes each. The floor is \`node:http\` and undici’s dispatcher. Ours runs with its defaults.`,
  async run() {
    await using simulator = await startSimulator();
    const agent = new Agent();
    const expected = eventsIn(await ask(agent, simulator.url, '', () => {}));
    await agent.close();
    const subjects = [
      { name: 'bare proxy', start: () => startServerProcess([bareProxy, simulator.url]) },
      {
        name: 'AI Toolkit, defaults',
        start: () => startGateway('', { OPENAI_BASE_URL: `${simulator.url}/v1`, OPENAI_API_KEY: 'bench' }),
      },
    ];
    const readings = subjects.map((): Reading[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [index, { start }] of subjects.entries()) {
        await using server = await start();
        readings[index]?.push(await readingOf(server, expected));
      }
    }
    const each = readings.map((of) => median(of.map(({ bytesEach }) => bytesEach)));
    return [
      {
        title: 'Memory of a stream',
        columns: ['subject', 'ratio', 'KiB each', 'smallest to largest process', 'broken streams'],
        rows: subjects.map(({ name }, index) => {
          const of = readings[index] ?? [];
          const sizes = of.map(({ bytesEach }) => bytesEach / 1024).toSorted((a, b) => a - b);
          const whole = of.reduce((sum, reading) => sum + reading.whole, 0);
          return [
            name,
            ((each[index] ?? Number.NaN) / (each[0] ?? Number.NaN)).toFixed(2),
            ((each[index] ?? Number.NaN) / 1024).toFixed(1),
            `${sizes[0]?.toFixed(1)} to ${sizes.at(-1)?.toFixed(1)}`,
            String(streams * rounds - whole),
          ];
        }),
      },
    ];
  },
};

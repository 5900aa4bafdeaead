import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { startGateway } from '../support/gateway.ts';
import { bytesReadBy, hasProc, residentBytesOf } from '../support/processes.ts';
import type { Scenario } from '../support/scenario.ts';

const mebibyte = 1024 * 1024;
/** Memory allowed per reader. */
const boundBytes = 16 * mebibyte;

/** Asks for a stream of this many tokens, four bytes of text each. */
function prompt(tokens: number, index: number): string {
  return `Long ${index} [simulator-answer: tokens=${tokens}; chunks=${Math.ceil(tokens / 250)}]`;
}

/** Requests a long stream without reading the response. */
async function stall(url: string, tokens: number, index: number): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.pause();
  const content = prompt(tokens, index);
  const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content }] });
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

/** Resolves when the process has read nothing for 15 checks, 100 ms apart. */
async function untilStill(pid: number): Promise<void> {
  for (let same = 0, before = -1; same < 15; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = await bytesReadBy(pid);
    // Timers and signals cause small reads, too, of a few bytes each.
    same = now - before < 4096 ? same + 1 : 0;
    before = now;
  }
}

export const scenario: Scenario = {
  promise:
    'Readers that stall hold the provider, not the answer in memory, and get everything when they go on.',
  test: 'apps/server/test/stalled-reader.test.ts',
  unavailable: () => (hasProc ? undefined : 'memory of a process is read from /proc'),
  async run(scene) {
    const simulator = scene.use(await createSimulator());
    const gateway = await startGateway(scene, simulator);
    const readers = scene.times(4);
    // Far more than fits into all connection buffers on the way.
    const tokens = 10_000_000;
    await ask(gateway.url, { prompt: prompt(500_000, -1), stream: true });
    const before = await residentBytesOf(gateway.pid);
    const sockets = await Promise.all(
      Array.from({ length: readers }, (_, index) => stall(gateway.url, tokens, index)),
    );
    await untilStill(gateway.pid);
    const grown = (await residentBytesOf(gateway.pid)) - before;
    assert.equal(simulator.stats().inFlight, readers, 'the provider is held in all of them');
    assert.ok(grown < readers * boundBytes, `memory grew by ${grown} bytes`);
    const received = await Promise.all(
      sockets.map(async (socket) => {
        let bytes = 0;
        let tail = '';
        socket.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          tail = (tail + chunk.subarray(-200).toString('latin1')).slice(-200);
        });
        socket.resume();
        await once(socket, 'close');
        assert.ok(tail.includes('data: [DONE]'), tail);
        return bytes;
      }),
    );
    const each = Math.round(Math.min(...received) / mebibyte);
    assert.ok(each >= (tokens * 4) / mebibyte - 1);
    return `${readers} readers of ${each} MiB each stalled: memory grew by ${(grown / mebibyte).toFixed(1)} MiB (bound ${(readers * boundBytes) / mebibyte}), all got everything`;
  },
};

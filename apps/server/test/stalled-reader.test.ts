import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createLargeStreams, type LargeStreams } from './support/large-stream.js';
import { connectTo } from './support/raw-request.js';
import { createHome, startServerProcess } from './support/server-process.js';

const mebibyte = 1024 * 1024;

/** Resident memory of a process, bytes. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

function request(megabytes: number): string {
  const body = JSON.stringify({
    model: `mb-${megabytes}`,
    stream: true,
    messages: [{ role: 'user', content: 'Write on' }],
  });
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** Resolves when the provider has been held for as long as a few looks: nobody takes any more. */
async function untilHeld({ sent }: LargeStreams): Promise<void> {
  let before = -1;
  let same = 0;
  await expect
    .poll(
      () => {
        same = sent() === before ? same + 1 : 0;
        before = sent();
        return same;
      },
      { interval: 100, timeout: 30_000 },
    )
    .toBeGreaterThan(10);
}

// Memory of another process is told by the system, and only Linux tells it in a file.
describe.runIf(process.platform === 'linux')('a reader that stalls', () => {
  it('of a stream of 200 MB holds the provider, and not the stream in memory; and gets it whole in the end', async () => {
    await using provider = await createLargeStreams();
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: provider.baseUrl });
    // Streams that are read, until the young generation of the heap has the size that it takes for them.
    for (const megabytes of [100, 101]) {
      const warm = await fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        body: request(megabytes).split('\r\n\r\n')[1] ?? '',
      });
      expect((await warm.arrayBuffer()).byteLength).toBeGreaterThan(megabytes * mebibyte);
    }
    const before = await residentBytes(server.pid);
    const socket = connectTo(server.url);
    await once(socket, 'connect');
    socket.pause();
    socket.write(request(200));
    await untilHeld(provider);
    expect(provider.sent()).toBeLessThan(60 * mebibyte);
    // What passed on the way is garbage, and is given back in its time.
    const grown = async (): Promise<number> => (await residentBytes(server.pid)) - before;
    await expect.poll(grown, { interval: 200, timeout: 20_000 }).toBeLessThan(16 * mebibyte);
    let received = 0;
    let tail = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      tail = (tail + chunk.subarray(-200).toString('latin1')).slice(-200);
    });
    socket.resume();
    await once(socket, 'close');
    expect(received).toBeGreaterThan(200 * mebibyte);
    expect(tail).toContain('data: [DONE]');
  }, 120_000);
});

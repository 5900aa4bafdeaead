import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * The range to draw from. It lies below the ephemeral ports that systems assign to outgoing connections (from 32,768 on Linux,
 * from 49,152 elsewhere), so that no connection of another test can take a port while its program starts or restarts.
 */
const firstPort = 10_000;
const endOfPorts = 30_000;

/** A free loopback port, for a program that cannot choose one itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(firstPort, endOfPorts);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

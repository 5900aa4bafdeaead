import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * The ports from which one is drawn. They lie below every range from which systems give ports to connections that go out (from
 * 32,768 on Linux, from 49,152 elsewhere), so that no connection of another test sits on one while its program starts, or is away
 * between two of its lives.
 */
const firstPort = 10_000;
const endOfPorts = 30_000;

/** A port of the loopback that nobody listens on, for a program that cannot choose one itself. */
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

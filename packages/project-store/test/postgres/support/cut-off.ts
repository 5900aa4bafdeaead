import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy to a server that can be cut without either end noticing. */
export interface CutOff extends AsyncDisposable {
  readonly port: number;
  /** Silently stops all traffic, on existing and new connections. */
  cut(): void;
  /** Like `cut`, but closes the connections at both ends. */
  break(): void;
  /** Lets new connections through again. Those that were cut stay cut, as after a network failure. */
  mend(): void;
}

export async function createCutOff(target: number): Promise<CutOff> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        if (!socket.isPaused()) other.destroy();
      });
      if (!isCut) socket.pipe(other);
      else socket.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    port: address.port,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    break() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:http';
import process from 'node:process';
import { freePort } from '@ai-toolkit/processes/free-port';

/** Who distributes the connections of a port among the processes serving it. */
export type Dealer = 'parent' | 'kernel';

/**
 * Several processes serving one port with bare `node:http`. Arguments: the dealer, and the number of processes. The parent prints the URL
 * once all listen.
 */
async function main(dealer: Dealer, count: number): Promise<void> {
  if (cluster.isWorker) {
    const server = createServer((_request, response) => response.end('{}'));
    const port = Number(process.env.PORT);
    server.listen({ port, host: '127.0.0.1', ...(dealer === 'kernel' ? { reusePort: true } : {}) });
    await once(server, 'listening');
    process.send?.('listening');
    return;
  }
  const port = await freePort();
  const workers = Array.from({ length: count }, () => cluster.fork({ PORT: String(port) }));
  // Not the event `listening`, which the parent gets only from workers it distributes connections to.
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  process.stdout.write(`http://127.0.0.1:${port}\n`);
}

await main(process.argv[2] as Dealer, Number(process.argv[3]));

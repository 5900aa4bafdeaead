import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:http';
import process from 'node:process';
import { freePort } from '@ai-toolkit/processes/free-port';

/** Who gives the connections to a port out among the processes that serve it. */
export type Dealer = 'parent' | 'kernel';

/**
 * Several processes that serve one port with the least that there is, `node:http`. Arguments: the dealer, and how many. The parent says
 * where they listen when all do.
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
  // The parent hears by itself of those that it deals connections to, and of no others.
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  process.stdout.write(`http://127.0.0.1:${port}\n`);
}

await main(process.argv[2] as Dealer, Number(process.argv[3]));

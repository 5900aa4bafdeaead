import { hostLimitStore } from '@ai-toolkit/rate-limit/host';
import { createToolkit } from '@ai-toolkit/toolkit';
import { boundHeapGrowth } from '../bound-heap-growth.js';
import { explain } from '../explain.js';
import { greetingOf } from '../greeting.js';
import { startObservers } from '../observers.js';
import { outliveReaders } from '../outlive-readers.js';
import { answerersOf, fleetOverview } from '../overview.js';
import { startServer } from '../start-server.js';
import { Fleet, send } from './fleet.js';
import { type FromParent, marked, readMarked, type StartOrder } from './messages.js';

/** A worker process of a server, started only by the supervisor. */
function main(): void {
  boundHeapGrowth();
  outliveReaders();
  let stop: (() => void) | undefined;
  let isStopping = false;
  const end = (): void => {
    if (stop === undefined) isStopping = true;
    else stop();
  };
  // A terminal or service manager signals every process. The second, unless SIGHUP, has its default effect: it ends this one.
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  process.on('SIGHUP', end);
  process.on('message', (received: unknown) => {
    const message = readMarked<FromParent>(received);
    if (message?.kind === 'stop') end();
    if (message?.kind !== 'start') return;
    serve(message.order, (stopServing) => {
      stop = stopServing;
      if (isStopping) stopServing();
    }).then(
      () => process.exit(0),
      (error: unknown) => {
        process.send?.(failed(error), () => process.exit(1));
      },
    );
  });
  send({ kind: 'loaded' });
}

function failed(error: unknown): object {
  return marked({ kind: 'failed', text: explain(error) });
}

/**
 * On Linux each worker listens itself and the kernel distributes the connections, which takes about half the CPU time per new connection of
 * accepting it in the parent and passing it on, as happens elsewhere.
 */
const reusePort = process.platform === 'linux';

/** Serves until told to stop. */
async function serve(
  { config, paths, sources, host, port, workers }: StartOrder,
  onStarted: (stop: () => void) => void,
): Promise<void> {
  const peers = { limitStore: hostLimitStore() };
  const { log, onCall, ...observers } = await startObservers(config, process.env);
  await using toolkit = createToolkit({ config, paths }, { peers, onCall });
  const ledger = await toolkit.ledger();
  const fleet = new Fleet({ answerers: answerersOf(toolkit), subscribe: ledger.subscribe });
  await using server = await startServer({
    toolkit,
    sources,
    host,
    port,
    reusePort,
    workers,
    log,
    overview: fleetOverview(fleet),
  });
  const stopped = new Promise<void>((resolve) => onStarted(resolve));
  send({ kind: 'ready', greeting: await greetingOf(server.url, toolkit, workers) });
  await stopped;
  await server.close();
  await observers.close();
}

main();

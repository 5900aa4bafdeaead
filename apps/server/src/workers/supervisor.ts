import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createLimitHost } from '@ai-toolkit/rate-limit/host';
import type { Greeting } from '../greeting.js';
import { Desk, tell } from './desk.js';
import { type FromWorker, readMarked, type StartOrder, type WorkerInfo } from './messages.js';
import { WorkerStartError } from './worker-start-error.js';

export interface SupervisorOptions {
  readonly order: StartOrder;
  /** Time for workers to stop before they are killed, ms. */
  readonly stopMs: number;
  /** Called when a worker ends unexpectedly, for the operator. */
  readonly report: (event: WorkerEvent) => void;
}

export interface WorkerEvent {
  readonly pid: number;
  /** Its exit code, or the signal that ended it. */
  readonly ended: number | NodeJS.Signals;
  /** Delay until its replacement starts, ms. */
  readonly restartMs: number;
}

export interface Supervisor {
  readonly greeting: Greeting;
  /** Drains and ends all workers. Idempotent. */
  stop(): Promise<void>;
}

/** Delay of the first restart, ms; doubled with each further early failure, up to `longestRestartMs`. */
const firstRestartMs = 100;
const longestRestartMs = 10_000;
/** A worker that ends after less than this failed early, ms. */
const settledMs = 30_000;

interface Place {
  worker: Worker;
  startedAt: number;
  restarts: number;
  earlyEnds: number;
  isReady: boolean;
  timer?: NodeJS.Timeout;
}

/**
 * Runs workers that share one port, and replaces those that die. The parent keeps the limits of all and relays questions between them. It
 * answers no request, and where the system distributes connections (on Linux) none passes through it. Rejects with a `WorkerStartError` if
 * a worker fails its first start. When the parent dies, the workers end.
 */
export async function superviseWorkers(options: SupervisorOptions): Promise<Supervisor> {
  const { stopMs, report } = options;
  const { workers: count } = options.order;
  const order = { ...options.order, port: await freePort(options.order) };
  const limits = createLimitHost();
  const places: Place[] = [];
  const firstStarts = Array.from({ length: count }, () => Promise.withResolvers<Greeting>());
  let stopping: Promise<void> | undefined;
  const desk = new Desk(
    () => places.filter(({ isReady }) => isReady).map(({ worker }) => worker),
    () => places.map(infoOf),
  );
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./worker.js', import.meta.url)), args: [] });

  function start(index: number): void {
    const worker = cluster.fork();
    const before = places[index];
    const place: Place = {
      worker,
      startedAt: Date.now(),
      restarts: before === undefined ? 0 : before.restarts + 1,
      earlyEnds: before?.earlyEnds ?? 0,
      isReady: false,
    };
    places[index] = place;
    limits.attach(worker);
    worker.on('message', (received: unknown) => {
      const message = readMarked<FromWorker>(received);
      if (message !== undefined) hear(index, place, message);
    });
    worker.on('exit', (code: number | null, signal: string | null) =>
      ended(index, place, (signal as NodeJS.Signals | null) ?? code ?? 1),
    );
    // Emitted if a worker dies while being sent a message; `exit` above handles its end.
    worker.on('error', () => undefined);
  }

  function hear(index: number, place: Place, message: FromWorker): void {
    const { worker } = place;
    if (message.kind === 'loaded') tell(worker, { kind: 'start', order });
    else if (message.kind === 'ready') {
      place.isReady = true;
      desk.welcome(worker);
      firstStarts[index]?.resolve(message.greeting);
      if (stopping !== undefined) tell(worker, { kind: 'stop' });
    } else if (message.kind === 'failed') firstStarts[index]?.reject(new WorkerStartError(message.text));
    else desk.hear(worker, message);
  }

  function ended(index: number, place: Place, how: number | NodeJS.Signals): void {
    place.isReady = false;
    desk.forget(place.worker);
    firstStarts[index]?.reject(new WorkerStartError(`A worker ended before it served (${how}).`));
    if (stopping !== undefined) return;
    place.earlyEnds = Date.now() - place.startedAt < settledMs ? place.earlyEnds + 1 : 0;
    // A worker that was told to end, and exited cleanly, is replaced at once.
    const restartMs =
      how === 0 ? 0 : Math.min(longestRestartMs, firstRestartMs * 2 ** Math.max(0, place.earlyEnds - 1));
    report({ pid: place.worker.process.pid ?? 0, ended: how, restartMs });
    place.timer = setTimeout(() => start(index), restartMs);
  }

  async function stop(): Promise<void> {
    const living = places.filter(({ worker }) => !worker.isDead());
    for (const { timer } of places) clearTimeout(timer);
    const all = Promise.all(living.map(({ worker }) => once(worker, 'exit')));
    for (const { worker } of living) tell(worker, { kind: 'stop' });
    const kill = setTimeout(() => {
      for (const { worker } of living) worker.process.kill('SIGKILL');
    }, stopMs);
    await all;
    clearTimeout(kill);
    await limits.close();
  }

  function stopOnce(): Promise<void> {
    stopping ??= stop();
    return stopping;
  }

  for (let index = 0; index < count; index++) start(index);
  try {
    const [greeting] = await Promise.all(firstStarts.map(({ promise }) => promise));
    if (greeting === undefined) throw new WorkerStartError('No worker was started.');
    return { greeting, stop: stopOnce };
  } catch (error) {
    for (const { promise } of firstStarts) promise.catch(() => undefined);
    await stopOnce();
    throw error;
  }
}

function infoOf({ worker, startedAt, restarts, isReady }: Place): WorkerInfo {
  return { pid: worker.process.pid ?? 0, startedAt, restarts, state: isReady ? 'ready' : 'starting' };
}

/**
 * Resolves the port, and fails if it is taken. 0 becomes a concrete port, the same for workers started later. The check is needed since
 * workers with `reusePort` would silently share the port with another server of the same user.
 */
async function freePort({ host, port }: StartOrder): Promise<number> {
  const server = createServer().listen({ port, host, exclusive: true });
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : port;
}

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
  /** Longest that workers may take to stop, ms; then they are killed. */
  readonly stopMs: number;
  /** Told what an operator should know. */
  readonly report: (event: WorkerEvent) => void;
}

export interface WorkerEvent {
  readonly pid: number;
  /** How it ended: a number of the system, or a signal. */
  readonly ended: number | NodeJS.Signals;
  /** When the next one is started, ms from now. */
  readonly restartMs: number;
}

export interface Supervisor {
  readonly greeting: Greeting;
  /** Lets all workers end what they have begun, and ends them. Idempotent. */
  stop(): Promise<void>;
}

/** The first attempt waits this long, ms; each further one that fails early twice as long, up to the bound. */
const firstRestartMs = 100;
const longestRestartMs = 10_000;
/** A worker that has lived this long did not fail early, ms. */
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
 * Runs workers that share one port, and starts another where one dies. The parent keeps the limits of all and passes questions between
 * them; it answers no request itself, and no request passes through it where the system deals out connections (on Linux). Rejects with what kept a worker from its first
 * start, as a `WorkerStartError`. When the parent dies, the workers end.
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
    // Of a worker that dies while something is sent to it; its end is told by the event above.
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
    // One that was asked to go, and went, makes room at once.
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
 * The port, found free: with 0, one that workers which come later find again. To be asked first, since workers that share a port by the
 * system's leave would share it with another server of the same user as well.
 */
async function freePort({ host, port }: StartOrder): Promise<number> {
  const server = createServer().listen({ port, host, exclusive: true });
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : port;
}

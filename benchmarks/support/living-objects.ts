import { renameSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';
import { queryObjects } from 'node:v8';

/** What lives in a process after a full collection: what nobody holds any more does not count, and timers that hold nobody do. */
export interface LivingObjects {
  readonly timers: number;
  readonly sockets: number;
  readonly abortSignals: number;
  readonly heapBytes: number;
}

const Timer = setTimeout(() => undefined, 0).constructor;

/** Loaded into a process before its own code (`node --import`). At SIGUSR2 it writes what lives in it to the file that `LIVING_OBJECTS` names. */
process.on('SIGUSR2', () => {
  const file = process.env.LIVING_OBJECTS ?? '';
  const counts: LivingObjects = {
    timers: queryObjects(Timer, { format: 'count' }),
    sockets: queryObjects(Socket, { format: 'count' }),
    abortSignals: queryObjects(AbortSignal, { format: 'count' }),
    heapBytes: process.memoryUsage().heapUsed,
  };
  writeFileSync(`${file}.part`, JSON.stringify(counts));
  renameSync(`${file}.part`, file);
});

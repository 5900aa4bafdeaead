import { renameSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';
import { queryObjects } from 'node:v8';

/** Live objects of a process after a full garbage collection. Timers count even if they are unref'd. */
export interface LivingObjects {
  readonly timers: number;
  readonly sockets: number;
  readonly abortSignals: number;
  readonly heapBytes: number;
}

const Timer = setTimeout(() => undefined, 0).constructor;

/** Preloaded into a process (`node --import`). On SIGUSR2, writes the counts of its live objects to the file named by `LIVING_OBJECTS`. */
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

import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { onSources } from '@ai-toolkit/processes/on-sources';
import { describe, expect, it } from 'vitest';
import { createLimitHost, hostLimitStore } from '../../src/host/index.js';
import { createLimiter } from '../../src/limiter.js';
import { QUIET } from '../../src/testing/quiet-step.js';
import { runScript } from '../support/run-script.js';

const key = 'k';

const quietStep = { ...QUIET, process: 'x', sequence: 1, limits: { adaptive: false } };

describe('limits kept by a host', () => {
  it('are shared with child processes; what one had open is free as soon as it ended', async () => {
    await using host = createLimitHost();
    await using limiter = createLimiter({ store: host.store, limits: { maxConcurrent: 2 } });
    const child = runScript('hold-lease.ts');
    host.attach(child.process);
    await child.line('holding');
    await limiter.acquire({ key });
    expect(await limiter.tryAcquire({ key })).toBeUndefined();
    child.process.kill('SIGKILL');
    await child.ended;
    expect(await limiter.tryAcquire({ key })).toBeDefined();
  });

  it('are shared with worker threads', async () => {
    await using host = createLimitHost();
    await using limiter = createLimiter({ store: host.store, limits: { maxConcurrent: 2 } });
    const script = new URL('../scripts/hold-lease.ts', import.meta.url);
    const worker = new Worker(script, { execArgv: [...onSources] });
    host.attach(worker);
    for (;;) {
      const [message] = await once(worker, 'message');
      if (message === 'holding') break;
    }
    await limiter.acquire({ key });
    expect(await limiter.tryAcquire({ key })).toBeUndefined();
    await worker.terminate();
    expect(await limiter.tryAcquire({ key })).toBeDefined();
  });

  it('go over a message channel among the messages of an application, and survive nonsense', async () => {
    await using host = createLimitHost();
    const { port1, port2 } = new MessageChannel();
    host.attach(port1);
    const heard: unknown[] = [];
    port1.on('message', (message) => heard.push(message));
    const mark = '@ai-toolkit/rate-limit/1';
    for (const nonsense of [
      'hello',
      null,
      { mark },
      { mark, kind: 'step', id: 1, key, step: { process: 'x', demands: [[1, 'a', 0, 1]] } },
      { mark, kind: 'step', id: 1, key, step: { ...quietStep, undecided: undefined } },
      { mark, kind: 'step', id: 1, key, step: { ...quietStep, succeeded: Number.POSITIVE_INFINITY } },
      { mark, kind: 'step', id: 1, key, step: { ...quietStep, kept: -1 } },
      { mark, kind: 'reply', id: 1 },
    ]) {
      port2.postMessage(nonsense);
    }
    await using store = hostLimitStore({ channel: port2 });
    await using limiter = createLimiter({ store, limits: { requestsPerMinute: 60 } });
    expect(await limiter.tryAcquire({ key })).toBeDefined();
    expect(await limiter.tryAcquire({ key })).toBeUndefined();
    expect(heard.slice(0, 2)).toEqual(['hello', null]);
    expect(limiter.snapshot().store).toBe('ready');
    expect(port2.listenerCount('message')).toBe(0);
    port1.postMessage('for the application');
    expect(await once(port2, 'message')).toEqual(['for the application']);
    port1.close();
  });

  it('are counted alone by a worker whose host is gone', async () => {
    const { port1, port2 } = new MessageChannel();
    const host = createLimitHost();
    host.attach(port1);
    await using store = hostLimitStore({ channel: port2, timeoutMs: 50 });
    await using limiter = createLimiter({ store, limits: { maxConcurrent: 3 } });
    expect(await limiter.tryAcquire({ key })).toBeDefined();
    await host.close();
    await host.close();
    expect(await limiter.tryAcquire({ key })).toBeDefined();
    expect(limiter.snapshot().store).toBe('unavailable');
    port1.close();
  });

  it('say what is wrong with their options', async () => {
    const host = createLimitHost();
    expect(() => host.attach({} as never)).toThrow('worker must be a channel to a process or thread');
    expect(() => hostLimitStore({ channel: { on: () => {} } as never })).toThrow(TypeError);
    const { port1 } = new MessageChannel();
    expect(() => hostLimitStore({ channel: port1, timeoutMs: 0 })).toThrow(
      'timeoutMs must be from 1 to 60000, got 0',
    );
    expect(() => createLimiter({ store: {} as never })).toThrow('store must be a limit store');
    expect(() => createLimiter({ store: host.store, processes: 0 })).toThrow(
      'processes must be 1 or more, got 0',
    );
    await host.close();
  });

  it('do not keep a process alive that has nothing else to do', async () => {
    await using host = createLimitHost();
    const child = runScript('settle-and-end.ts');
    host.attach(child.process);
    expect(await child.ended).toBe(0);
  });
});

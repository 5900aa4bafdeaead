import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@ai-toolkit/processes/free-port';
import { endBy, launchUntil } from '@ai-toolkit/processes/launch-until';
import { createClient } from 'redis';

/** Whether a `redis-server` is installed here. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).error === undefined;

/** A Redis server for a test, on a free loopback port. */
export class TestRedis implements AsyncDisposable {
  readonly port: number;
  /** Port for the other nodes of its cluster; undefined if it is not in a cluster. */
  readonly busPort: number | undefined;
  readonly #directory: string;
  readonly #args: readonly string[];
  #process: ChildProcess;

  private constructor(
    port: number,
    busPort: number | undefined,
    directory: string,
    args: readonly string[],
    child: ChildProcess,
  ) {
    this.port = port;
    this.busPort = busPort;
    this.#directory = directory;
    this.#args = args;
    this.#process = child;
  }

  static async start(...args: readonly string[]): Promise<TestRedis> {
    const port = await freePort();
    const directory = await mkdtemp(join(tmpdir(), 'ai-toolkit-redis-'));
    return new TestRedis(port, undefined, directory, args, await launch(port, directory, args));
  }

  /** Starts a cluster node. Its bus port is also a free one: the default, 10,000 above the first, may be in use. */
  static async startNode(): Promise<TestRedis> {
    const [port, busPort] = [await freePort(), await freePort()];
    const directory = await mkdtemp(join(tmpdir(), 'ai-toolkit-redis-'));
    const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
    return new TestRedis(port, busPort, directory, args, await launch(port, directory, args));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Kills it with SIGKILL. */
  async kill(): Promise<void> {
    await endBy('SIGKILL', this.#process);
  }

  /** Starts it again on the same port, empty. */
  async restart(): Promise<void> {
    this.#process = await launch(this.port, this.#directory, this.#args);
  }

  /** Stops the process: its connections stay open, but get no answers. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  /** Runs a command on a new connection. */
  async command<T>(...args: readonly string[]): Promise<T> {
    const client = await createClient({ url: this.url }).connect();
    try {
      return await client.sendCommand<T>([...args]);
    } finally {
      client.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.thaw();
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function launch(port: number, directory: string, args: readonly string[]): Promise<ChildProcess> {
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const inMemory = ['--save', '', '--appendonly', 'no'];
  return launchUntil(/Ready to accept connections/, 'stdout', 'redis-server', [...own, ...inMemory, ...args]);
}

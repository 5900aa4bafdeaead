import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { freePort } from '@ai-toolkit/processes/free-port';
import { endBy, launchUntil } from '@ai-toolkit/processes/launch-until';
import { Client } from 'pg';

const programs: string | undefined = findPrograms();

export const hasPostgres: boolean = programs !== undefined;

const user = 'tester';
/** Contains characters that must be percent-encoded in a URL. */
export const password = 'pa:ss/w@rd#?';

/** A PostgreSQL server for a test, on a free loopback port. */
export class TestPostgres implements AsyncDisposable {
  readonly port: number;
  readonly #directory: string;
  readonly #args: readonly string[];
  #process: ChildProcess;

  private constructor(port: number, directory: string, args: readonly string[], child: ChildProcess) {
    this.port = port;
    this.#directory = directory;
    this.#args = args;
    this.#process = child;
  }

  static async start(...args: readonly string[]): Promise<TestPostgres> {
    const port = await freePort();
    const directory = await mkdtemp(join(tmpdir(), 'project-store-postgres-'));
    const { uid, gid } = owner();
    const secret = join(directory, 'password');
    await writeFile(secret, password);
    for (const path of [directory, secret]) await chown(path, uid, gid);
    const how = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${secret}`];
    const init = [...how, '--encoding=UTF8', '--locale=C', '--no-sync', '-D', join(directory, 'data')];
    execFileSync(program('initdb'), init, {
      uid,
      gid,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new TestPostgres(port, directory, args, await launch(port, directory, args));
  }

  /** Starts a read-only streaming replica. */
  async startReplica(): Promise<TestPostgres> {
    const port = await freePort();
    const directory = await mkdtemp(join(tmpdir(), 'project-store-replica-'));
    const { uid, gid } = owner();
    await chown(directory, uid, gid);
    const from = ['-h', '127.0.0.1', '-p', String(this.port), '-U', user];
    const how = ['-D', join(directory, 'data'), '-R', '--checkpoint=fast', '--no-sync'];
    execFileSync(program('pg_basebackup'), [...from, ...how], {
      ...{ uid, gid, cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] },
      env: { ...process.env, PGPASSWORD: password },
    });
    return new TestPostgres(port, directory, this.#args, await launch(port, directory, this.#args));
  }

  get url(): string {
    return this.urlOf(this.port);
  }

  /** The URL with another port, that of a proxy to this server. */
  urlOf(port: number, database = 'postgres', secret: string = password): string {
    return `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`;
  }

  /** Kills it without a shutdown, so that it has to recover when it starts again. */
  async kill(): Promise<void> {
    await endBy('SIGQUIT', this.#process);
  }

  /** Starts it again on the same port, with all committed data. */
  async restart(): Promise<void> {
    this.#process = await launch(this.port, this.#directory, this.#args);
  }

  /** Runs a statement on a new connection. */
  async query(text: string, values?: unknown[]): Promise<Array<Record<string, unknown>>> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      const { rows } = await client.query(text, values);
      return rows;
    } finally {
      await client.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function launch(port: number, directory: string, args: readonly string[]): Promise<ChildProcess> {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${directory}`,
    // Safe, since tests kill the server, never the machine.
    'fsync=off',
    'max_connections=60',
    ...args,
  ];
  const own = settings.flatMap((setting) => ['-c', setting]);
  const data = ['-D', join(directory, 'data')];
  const ready = /ready to accept (?:read-only )?connections/u;
  return launchUntil(ready, 'stderr', program('postgres'), [...data, ...own], {
    ...owner(),
    cwd: directory,
    env: { ...process.env, LC_ALL: 'C' },
  });
}

/** The server refuses to run as root. */
function owner(): { uid: number; gid: number } {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (own.uid !== 0) return own;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function program(name: string): string {
  return join(programs ?? '', name);
}

/** Debian installs the server's programs outside the path, by version. */
function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map(Number) : [];
  const places = versions.sort((a, b) => b - a).map((version) => join(debian, String(version), 'bin'));
  const all = [...(process.env.PATH ?? '').split(delimiter), ...places];
  return all.find((folder) =>
    ['initdb', 'pg_basebackup', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
}

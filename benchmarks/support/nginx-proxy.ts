import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '@ai-toolkit/processes/free-port';
import { childrenOf } from './process-facts.ts';

/** Whether an `nginx` is on the path. */
export const hasNginx: boolean = spawnSync('nginx', ['-v']).error === undefined;

/** nginx as a reverse proxy, with one worker. */
export interface NginxProxy extends AsyncDisposable {
  /** Caches every response in a file, by path and body of the request. Streams too, which it passes on as they arrive. */
  readonly keepingUrl: string;
  /** Passes responses on without buffering or caching. */
  readonly passingUrl: string;
  /** Of the worker, which handles requests entirely. */
  readonly pid: number;
}

/** Starts nginx in front of `upstream`, `http://HOST:PORT`, with a folder of its own. */
export async function startNginx(upstream: string): Promise<NginxProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-nginx-'));
  const [keeping, passing] = [await freePort(), await freePort()];
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, upstream, keeping, passing));
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  while (!(await listens(keeping)) || !(await listens(passing))) {
    if (child.exitCode !== null) throw new Error('nginx ended: what it said stands above.');
    await setTimeout(20);
  }
  return {
    keepingUrl: `http://127.0.0.1:${keeping}`,
    passingUrl: `http://127.0.0.1:${passing}`,
    pid: await workerOf(child.pid ?? 0),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Keeps connections open on both sides as long as the other proxies do. */
function configuration(folder: string, upstream: string, keeping: number, passing: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
# The worker of a root would be another user, who may not write into this folder.
user ${userInfo().username};
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_buffer_size 64k;
  client_body_in_single_buffer on;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  proxy_cache_path ${folder}/answers levels=1:2 keys_zone=answers:64m max_size=1g inactive=1h use_temp_path=off;
  upstream provider { server ${new URL(upstream).host}; keepalive 64; keepalive_requests 1000000000; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  server {
    listen 127.0.0.1:${keeping};
    location / {
      proxy_pass http://provider;
      proxy_cache answers;
      proxy_cache_methods POST;
      proxy_cache_key "$request_uri|$request_body";
      proxy_cache_valid 200 1h;
      proxy_ignore_headers Cache-Control;
      proxy_buffer_size 8k;
      proxy_buffers 8 16k;
    }
  }
  server {
    listen 127.0.0.1:${passing};
    location / {
      proxy_pass http://provider;
      proxy_buffering off;
    }
  }
}
`;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

/** Waits for the worker: the master listens before it has one, and has two more children that manage the cache's files. */
async function workerOf(pid: number): Promise<number> {
  for (;;) {
    for (const child of await childrenOf(pid)) {
      const title = await readFile(`/proc/${child}/cmdline`, 'latin1');
      if (title.startsWith('nginx: worker')) return child;
    }
    await setTimeout(20);
  }
}

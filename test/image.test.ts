import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));

/** What git keeps, as a build would get it. */
async function copyTree(to: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
  });
  for (const file of stdout.split('\n').filter((name) => name !== '')) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    // What was deleted and is not committed yet.
    await cp(join(root, file), join(to, file)).catch(() => undefined);
  }
}

it('builds by the commands of the Dockerfile what runs without the workspace', {
  timeout: 600_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-image-'));
  let child: ChildProcess | undefined;
  try {
    const source = join(folder, 'src');
    await copyTree(source);
    const dockerfile = await readFile(join(root, 'deploy', 'Dockerfile'), 'utf8');
    const [build = ''] = dockerfile.split('\nFROM ').slice(1);
    const commands = [...build.matchAll(/^RUN (.*)$/gm)].map(([, command = '']) =>
      command.replaceAll('/out', join(folder, 'out')),
    );
    expect(commands.length).toBeGreaterThan(3);
    const env = { ...process.env, CI: '1', TURBO_CACHE_DIR: join(root, 'node_modules', '.cache', 'turbo') };
    for (const command of commands)
      await run('sh', ['-c', command], { cwd: source, env, maxBuffer: 64 * 1024 * 1024 });
    await rm(source, { recursive: true });

    const cli = join(folder, 'out', 'cli', 'dist', 'main.js');
    const home = { AI_TOOLKIT_HOME: join(folder, 'home'), PATH: process.env.PATH ?? '' };
    const { stdout: secret } = await run(process.execPath, [cli, 'keys', 'create', '--name', 'x'], {
      env: home,
    });
    const server = join(folder, 'out', 'server', 'dist', 'main.js');
    // As in the container: on every address, with a key, and more than one worker.
    const started = spawn(process.execPath, [server], {
      cwd: folder,
      env: { ...home, AI_TOOLKIT_PORT: '0', AI_TOOLKIT_HOST: '0.0.0.0', AI_TOOLKIT_WORKERS: '2' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    let printed = '';
    started.stdout.setEncoding('utf8');
    while (!printed.includes('dashboard')) printed += String((await once(started.stdout, 'data'))[0]);
    const port = /serves at http:\S+:(\d+)/.exec(printed)?.[1];
    const url = `http://127.0.0.1:${port}`;
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret.trim()}` },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }),
    });
    expect(answer.status).toBe(200);
    await answer.text();
    expect((await fetch(`${url}/api/info`)).status).toBe(401);
    // The check of the image's health.
    const check = /HEALTHCHECK .*CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]';
    const [, ...args] = JSON.parse(check) as string[];
    await run(process.execPath, args, { env: { AI_TOOLKIT_PORT: port } });
    started.kill('SIGTERM');
    expect((await once(started, 'exit'))[0]).toBe(0);
  } finally {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

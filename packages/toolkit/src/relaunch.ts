import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The `node` package that the workspace of a script depends on, if any. */
export function findNode(script: string): string | undefined {
  try {
    const folder = dirname(createRequire(script).resolve('node/package.json'));
    const name = process.platform === 'win32' ? 'node.exe' : 'node';
    return [join(folder, 'bin', name)].find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

/** Runs a script under another Node and exits as it does. */
export async function runUnder(node: string, script: string, variable: string): Promise<void> {
  const child = spawn(node, [fileURLToPath(script), ...process.argv.slice(2)], {
    env: { ...process.env, [variable]: String(process.pid) },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A terminal sends Ctrl-C to both processes; any other sender signals this one only.
  const passed: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT'];
  for (const signal of passed) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    });
  }
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (signal !== null) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exit(code ?? 1);
}

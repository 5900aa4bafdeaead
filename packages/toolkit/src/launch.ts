/** The oldest Node version that the package manifests allow. */
const oldestNode: readonly [major: number, minor: number] = [22, 19];

/** Marks a process started by `launch`; holds the pid of the launcher. */
const launcherVariable = '_AI_TOOLKIT_LAUNCHER';

export interface LaunchOptions {
  /** Version of this Node. Default: that of the process. */
  readonly version?: string;
}

/**
 * Runs `main` if this Node is new enough. Otherwise runs the script under the Node of the checkout (the `node` package)
 * as if it were this process: same streams, signals and exit code, ending together. Without such a Node, prints what is
 * needed and sets exit code 1.
 */
export async function launch(
  script: string,
  main: () => Promise<void>,
  { version = process.versions.node }: LaunchOptions = {},
): Promise<void> {
  if (isNewEnough(version)) {
    if (process.env[launcherVariable] === String(process.ppid)) dieWithLauncher();
    await main();
    return;
  }
  const { findNode, runUnder } = await import('./relaunch.js');
  const node = process.env[launcherVariable] === undefined ? findNode(script) : undefined;
  if (node !== undefined) {
    await runUnder(node, script, launcherVariable);
    return;
  }
  process.stderr.write(
    `error: AI Toolkit needs Node ${oldestNode.join('.')} or newer, and this is ${version}.\n` +
      '  Install a newer Node, or run it in a checkout by npx pnpm@12.21.0, which brings one along.\n',
  );
  process.exitCode = 1;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/** The channel closes however the launcher ends: a server must not survive it unnoticed. */
function dieWithLauncher(): void {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel?.unref();
}

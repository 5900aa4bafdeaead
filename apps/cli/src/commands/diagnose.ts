import {
  askEffectiveness,
  ConfigError,
  createToolkit,
  type Diagnosis,
  diagnoseWithoutConfig,
  type Toolkit,
} from '@ai-toolkit/toolkit';
import { exitCode } from '../exit-code.js';
import type { Output } from '../output/output.js';
import { type GlobalFlags, loadConfigOf, runBareCommand } from '../run-command.js';

export function diagnose(globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    const checks = await look(globals, output);
    const failed = checks.some(({ status }) => status === 'failure');
    const marks = {
      ok: output.style('green', 'ok     '),
      warning: output.style('yellow', 'warning'),
      failure: output.style('red', 'failure'),
    };
    const lines = checks.flatMap(({ name, status, detail, remedy }) => [
      `${marks[status]}  ${name}: ${detail}`,
      ...(remedy === undefined ? [] : [`         ${remedy}`]),
    ]);
    output.result({ healthy: !failed, checks }, lines.join('\n'));
    return failed ? exitCode.failure : exitCode.done;
  });
}

/** An invalid configuration is the first finding; the remaining checks still run. */
async function look(globals: GlobalFlags, output: Output): Promise<readonly Diagnosis[]> {
  try {
    const loaded = await loadConfigOf(globals, output);
    await using toolkit = createToolkit(loaded, { isBrief: true });
    const files = loaded.files.length === 0 ? 'defaults' : loaded.files.join(', ');
    const [checks, advice] = await Promise.all([toolkit.diagnose(), adviceOf(toolkit)]);
    return [{ name: 'configuration', status: 'ok', detail: files }, ...checks, ...advice];
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    return diagnoseWithoutConfig(error);
  }
}

/** Advice from a running server; empty if none is running. */
async function adviceOf(toolkit: Toolkit): Promise<readonly Diagnosis[]> {
  const asked = await askEffectiveness(toolkit);
  if (!('report' in asked)) return [];
  return asked.report.advice.map(({ rule, finding, action, settings }) => ({
    name: rule,
    status: 'warning',
    detail: finding,
    remedy: settings.length === 0 ? action : `${action} [${settings.join(', ')}]`,
  }));
}

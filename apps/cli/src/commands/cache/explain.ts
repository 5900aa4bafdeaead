import { describeDifference, type Explanation, type Surface } from '@ai-toolkit/ai-client';
import { findKey, requestOfText } from '@ai-toolkit/toolkit';
import { readNamedFile } from '../../named-file.js';
import { type GlobalFlags, runCommand } from '../../run-command.js';
import { readStdin } from '../../stdin.js';

export interface ExplainFlags {
  readonly against?: string;
  readonly surface?: Surface;
}

export function cacheExplain(file: string, flags: ExplainFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    if (file === '-' && globals.input === false)
      throw new TypeError('There is no request: give it in a file, or on stdin.');
    const text = file === '-' ? await readStdin(signal) : await readNamedFile(file);
    const request = requestOfText(text, flags.surface);
    const against =
      flags.against === undefined ? undefined : await findKey(await toolkit.cache(), flags.against);
    const pipeline = await toolkit.pipeline();
    const explanation = await pipeline.explain(
      request,
      against === undefined ? { nearest: true } : { against },
    );
    output.result(explanation, describe(explanation).join('\n'));
    return undefined;
  });
}

function describe(explanation: Explanation): string[] {
  const { key, bypassReason, surface, model, scope, stored, excludedFields, comparison, nearest } =
    explanation;
  const lines = [
    `key       ${key ?? `none: ${bypassReason ?? 'it is never cached'}`}`,
    `asks      ${surface} of ${model} at ${scope.provider} (${scope.baseUrl})`,
  ];
  if (stored !== undefined)
    lines.push(`stored    ${stored.status === 'miss' ? 'miss' : `${stored.status}, in ${stored.tier}`}`);
  if (excludedFields.length > 0) lines.push(`no part of the key: ${excludedFields.join(', ')}`);
  const other = comparison ?? (stored?.status === 'miss' ? nearest?.entry : undefined);
  if (other === undefined) {
    if (stored?.status === 'miss') lines.push('nearest   none: nothing like it is stored');
    return lines;
  }
  const name = 'key' in other ? `nearest   ${String(other.key).slice(0, 12)}` : 'against';
  lines.push(`${name}: ${other.differences.length === 0 ? 'no difference' : 'differs in'}`);
  lines.push(
    ...other.differences.map(
      (difference) =>
        `  ${describeDifference(difference)}${difference.changesKey ? '' : ' [no part of the key]'}`,
    ),
  );
  if (other.omitted > 0) lines.push(`  and ${other.omitted} more`);
  return lines;
}

import {
  describeRenaming,
  type FileReview,
  fixConfigFile,
  reviewConfigFile,
} from '@ai-toolkit/toolkit/config';
import { exitCode } from '../../exit-code.js';
import { type GlobalFlags, loadConfigOf, runBareCommand } from '../../run-command.js';
import { configFileOf, noticeChange } from './config-file.js';

export interface ValidateFlags {
  readonly fix?: boolean;
}

export function configValidate({ fix = false }: ValidateFlags, globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    const file = configFileOf(globals);
    const change =
      fix && (await reviewConfigFile(file)).renamings.length > 0 ? await fixConfigFile(file) : undefined;
    const fixed = change?.renamings ?? [];
    for (const { from, to } of fixed) output.notice(`${from.join('.')} is now ${to.join('.')}.`);
    if (change !== undefined) noticeChange(change, file, output);
    const review = await reviewConfigFile(file);
    if (review.problem !== undefined) throw review.problem;
    // Environment variables and the project file can be invalid as well.
    const { files } = await loadConfigOf(globals, output);
    output.result(
      {
        valid: true,
        file,
        exists: review.exists,
        files,
        olderNames: review.renamings.map(({ from, to }) => ({ name: from.join('.'), setting: to.join('.') })),
        fixed: fixed.map(({ from, to }) => ({ name: from.join('.'), setting: to.join('.') })),
      },
      [`${file}: ${review.exists ? 'valid' : 'not there, defaults hold'}`, ...olderNames(review)].join('\n'),
    );
    return exitCode.done;
  });
}

function olderNames({ renamings, file }: FileReview): string[] {
  return renamings.map((renaming) => describeRenaming(renaming, { kind: 'user', name: file }));
}

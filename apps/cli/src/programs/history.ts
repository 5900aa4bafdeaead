import type { Command } from 'commander';
import { manual } from './manual.js';
import { flagsOf, wholeNumber } from './parse-options.js';

const ofRevisions = [
  'A revision is named 2@3: revision 3 of stage 2. Just 3 is enough with -s, or if only one stage has such a revision. 2@current is the document as it is now.',
];

/** Commands for the history of documents and for editing them. */
export function addHistoryCommands(program: Command, done: (code: number) => void): void {
  const history = program
    .command('history')
    .description('list the revisions of the documents')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .option('-s, --stage <n>', 'only this stage', wholeNumber)
    .action(async (options, command: Command) => {
      const { history } = await import('../commands/history.js');
      done(await history(options, flagsOf(command)));
    });
  manual(history, { examples: ['history -p tide-clock', 'history -p tide-clock -s 2'], notes: ofRevisions });

  const diff = program
    .command('diff')
    .description('show what changed from one revision to another')
    .argument('<a>', 'a revision')
    .argument('[b]', 'another revision of the same stage', 'current')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .option('-s, --stage <n>', 'stage of the revisions', wholeNumber)
    .action(async (from: string, to: string, options, command: Command) => {
      const { diff } = await import('../commands/diff.js');
      done(await diff(from, to, options, flagsOf(command)));
    });
  manual(diff, { examples: ['diff -p tide-clock 2@1 2@3', 'diff -p tide-clock 2@1'], notes: ofRevisions });

  const restore = program
    .command('restore')
    .description('make an older revision current again, as a new one')
    .argument('<revision>', 'the revision')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .option('-s, --stage <n>', 'stage of the revision', wholeNumber)
    .action(async (revision: string, options, command: Command) => {
      const { restore } = await import('../commands/restore.js');
      done(await restore(revision, options, flagsOf(command)));
    });
  manual(restore, { examples: ['restore -p tide-clock 2@1'], notes: ofRevisions });

  const edit = program
    .command('edit')
    .description("open a stage's document in your editor; what depends on it becomes stale")
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .requiredOption('-s, --stage <n>', 'number of the stage', wholeNumber)
    .action(async (options, command: Command) => {
      const { edit } = await import('../commands/edit.js');
      done(await edit(options, flagsOf(command)));
    });
  manual(edit, {
    examples: ['edit -p tide-clock -s 1'],
    notes: ['The editor is $VISUAL, else $EDITOR, else vi. Your text becomes a new revision.'],
  });
}

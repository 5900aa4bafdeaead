import type { Command } from 'commander';

/** Adds a group's commands to the program; `done` receives their exit code. */
type AddCommands = (program: Command, done: (code: number) => void) => void;

/** Commands described in one file, which is loaded when one of them is named. */
interface Group {
  /** Names and aliases. A command missing here still works, but then all groups are loaded. */
  readonly names: readonly string[];
  readonly load: () => Promise<AddCommands>;
}

/** In the order of the help. */
export const groups: readonly Group[] = [
  {
    names: ['init', 'list', 'status', 'export', 'delete', 'batch', 'repair', 'repair-db', 'migrate'],
    load: async () => (await import('./projects.js')).addProjectCommands,
  },
  {
    names: ['run-stage', 'run', 'plan', 'reset-stage', 'extract-code', 'import-code'],
    load: async () => (await import('./stages.js')).addStageCommands,
  },
  {
    names: ['history', 'diff', 'restore', 'edit'],
    load: async () => (await import('./history.js')).addHistoryCommands,
  },
  {
    names: ['generate', 'chat', 'models', 'serve'],
    load: async () => (await import('./models.js')).addModelCommands,
  },
  {
    names: ['cache', 'clear-cache'],
    load: async () => (await import('./cache.js')).addCacheCommands,
  },
  {
    names: ['limits', 'usage', 'usage-stats', 'diagnose'],
    load: async () => (await import('./services.js')).addServiceCommands,
  },
  {
    names: ['config', 'completion', 'reset'],
    load: async () => (await import('./settings.js')).addSettingCommands,
  },
  {
    names: [
      'templates',
      'list-templates',
      'show-template',
      'export-template',
      'import-template',
      'reset-template',
      'validate-template',
      'debug-template',
    ],
    load: async () => (await import('./templates.js')).addTemplateCommands,
  },
  {
    names: ['keys'],
    load: async () => (await import('./keys.js')).addKeyCommands,
  },
];

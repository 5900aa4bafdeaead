import type { Kind } from '../kind.js';
import { choice, flag, or, section } from './kinds.js';

export interface LogSection {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  readonly prompts: boolean;
}

export const logSection: Kind<LogSection> = section('What the gateway logs to stderr.', {
  level: or(
    choice('Lowest level that is logged. info: a line for each request; warn: only failures.', [
      'trace',
      'debug',
      'info',
      'warn',
      'error',
      'fatal',
      'silent',
    ]),
    'info',
  ),
  prompts: or(
    flag('Log prompts, up to 8 KiB of each request, for everyone to see who can read the log.'),
    false,
  ),
});

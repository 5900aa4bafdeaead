import type { Cache } from '@ai-toolkit/core-cache';
import type { Cassettes } from '../cassettes/cassettes.js';
import { nearestCassette } from '../cassettes/nearest-cassette.js';
import type { Entry } from '../entry.js';
import { AiError } from '../errors.js';
import type { AskedTarget, Target } from '../steps/target.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { type Comparison, type Difference, describeDifference } from './difference.js';
import { read } from './nearest.js';
import { nearestTo } from './nearest-to.js';

/** Most entries to search for a failed call. */
const maxEntries = 1000;
const maxDescribed = 3;

/** The error for a call that must not ask a provider and has no answer: names the nearest stored answer and the differences. */
export async function offlineMiss(
  target: AskedTarget,
  cache: Cache<Entry>,
  cassettes: Cassettes | undefined,
): Promise<AiError> {
  const replays = cassettes?.mode === 'replay';
  const message = replays
    ? `No cassette in ${cassettes.folder.dir} fits the request, and no provider may be asked.`
    : 'No stored answer fits the request, and the pipeline is offline.';
  const told = [
    whyNeverStored(target),
    cassettes?.plays === true ? await aboutCassettes(cassettes, target) : undefined,
    replays ? undefined : await aboutEntries(cache, target),
  ].filter((sentence) => sentence !== undefined);
  const remedy = replays
    ? 'Record it: run once with cassettes in the mode "record" or "auto".'
    : 'Ask once online to have the answer stored.';
  return new AiError('AI_NOT_CACHED', message, { hint: [...told, remedy].join(' ') });
}

function whyNeverStored({ bypassReason }: Target): string | undefined {
  return bypassReason === undefined
    ? undefined
    : `Answers to such a request are never stored: ${bypassReason}.`;
}

async function aboutCassettes({ folder }: Cassettes, target: AskedTarget): Promise<string> {
  const nearest = await nearestCassette(folder, target);
  const [problem] = folder.problems.values();
  const unread =
    problem === undefined
      ? ''
      : ` Files that cannot be used: ${folder.problems.size}; the first: ${problem.message}`;
  if (nearest === undefined) return `There are no cassettes to compare it with.${unread}`;
  return `The nearest cassette is ${nearest.file}: ${describe(nearest)}.${unread}`;
}

async function aboutEntries(cache: Cache<Entry>, target: AskedTarget): Promise<string> {
  const { key, scope } = target;
  if (key !== undefined && (await read(cache, key)) !== undefined)
    return 'There is an answer to it, but it is older than the call or its lifetime allows.';
  const { entry } = await nearestTo(cache, target, surfaceAdapter(scope.surface), { maxEntries });
  return entry === undefined
    ? 'There are no stored answers to compare it with.'
    : `The nearest stored answer has the key ${entry.key}: ${describe(withoutTexts(entry))}.`;
}

function describe({ differences, omitted }: Comparison): string {
  const telling = differences.filter(({ changesKey }) => changesKey);
  if (telling.length === 0) return 'nothing that was kept of it differs';
  const more = telling.length - maxDescribed + omitted;
  const described = telling.slice(0, maxDescribed).map(describeDifference).join('; ');
  return more > 0 ? `${described}; and ${more} more` : described;
}

/**
 * Errors end up in logs, where prompts do not belong; `explain` shows them on request. Cassettes are test files that anybody may read, so
 * their values are shown.
 */
function withoutTexts({ differences, ...comparison }: Comparison): Comparison {
  return { ...comparison, differences: differences.map(withoutText) };
}

function withoutText({ here, there, ...difference }: Difference): Difference {
  const tells = (value: string | undefined): value is string =>
    value !== undefined && (difference.path === 'model' || /^(?:-?\d|true$|false$|null$)/.test(value));
  return { ...difference, ...(tells(here) ? { here } : {}), ...(tells(there) ? { there } : {}) };
}

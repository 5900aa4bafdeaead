import type { MissClass } from '../effectiveness/miss-summary.js';
import { type Advice, type Evidence, isTelling, percent } from './advice.js';

/**
 * Advice for requests that differ in nothing else. Different questions, longer conversations and mixed differences are
 * nobody's mistake.
 */
const actions: Readonly<Partial<Record<MissClass['class'], { noun: string; action: string }>>> = {
  timestamp: {
    noun: 'a timestamp',
    action:
      'Leave the time out, round it to the day, or give it only where it is asked for; or name what is the same by x-cache-key.',
  },
  uuid: {
    noun: 'a UUID',
    action:
      'Send it as metadata or a header of your own, which are no part of the key, or leave it out of the text.',
  },
  id: {
    noun: 'an id',
    action:
      'Send it as metadata or a header of your own, which are no part of the key, or leave it out of the text.',
  },
  number: {
    noun: 'a number',
    action: 'Leave it out if the answer does not depend on it, such as a counter or a build number.',
  },
  'white space': {
    noun: 'white space',
    action: 'Trim the text and use one form of line breaks before it is sent.',
  },
  case: { noun: 'large and small letters', action: 'Write the text in one way before it is sent.' },
  order: { noun: 'the order of a list', action: 'Send the list sorted, as long as its order means nothing.' },
  model: {
    noun: 'the model',
    action: 'Ask one model, or send names that mean the same one by a route to one target.',
  },
  parameter: {
    noun: 'a parameter',
    action:
      'Send the same value each time, or leave it out; a seed that changes makes every request a new one.',
  },
  header: {
    noun: 'a header',
    action: 'Send the same openai-* and anthropic-* headers each time: they are part of the key.',
  },
  scope: {
    noun: 'who asks or is asked',
    action: 'Use one namespace, one provider and one set of credentials where answers may be shared.',
  },
};

/** Such as "41 % of misses differ only in a timestamp in messages[0].content". */
export function varyingFields({ misses }: Evidence): Advice[] {
  return misses.classes.flatMap((found) => {
    const known = actions[found.class];
    if (known === undefined || !isTelling(found.count, misses.looked)) return [];
    const [first, ...others] = found.paths.map(({ path }) => path);
    const place = first === undefined ? '' : ` in ${first}`;
    const more =
      others.length === 0 ? '' : ` or ${others.length === 1 ? others[0] : `${others.length} other places`}`;
    return [
      {
        rule: 'varying-field',
        finding: `${percent(found.share)} of misses (${found.count} of ${misses.looked} looked at) differ only in ${known.noun}${place}${more}.`,
        action: known.action,
        settings: settingsOf(found.class),
        share: found.share,
        figures: { misses: found.count, looked: misses.looked },
      },
    ];
  });
}

function settingsOf(found: MissClass['class']): string[] {
  if (found === 'model' || found === 'scope') return ['routes'];
  // Where only the wording varies, the semantic cache may help.
  return found === 'case' || found === 'white space' ? ['semantic.model'] : [];
}

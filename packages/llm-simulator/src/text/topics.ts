/** A kind of section: how a title or a prompt names it, and sentences that fit it. */
export interface Topic {
  readonly title: string;
  readonly words: RegExp;
  /** With the placeholders {title}, {a}, {b} and {c}: the subject's name and three of its words. */
  readonly sentences: readonly string[];
  /** Items for a list; empty when the section is prose. */
  readonly items: readonly string[];
}

export const TOPICS: readonly Topic[] = [
  {
    title: 'Goals',
    words: /\b(?:goals?|objectives?|scope|vision|purpose|outcomes?|success)\b/i,
    sentences: [
      '{title} succeeds when someone who cares about {a} uses it a second time without being asked.',
      'The first release does one thing about {b} completely rather than five things in part.',
      'Whatever does not help with {a} or {c} is left out on purpose, and the list of what was left out is kept.',
    ],
    items: [
      'Make {a} understandable at a glance',
      'Keep {b} correct even when nobody is watching',
      'Leave {c} for a later release, but do not block it',
    ],
  },
  {
    title: 'Users and experience',
    words: /\b(?:users?|audience|personas?|experience|journeys?|accessib\w+|ux)\b/i,
    sentences: [
      'The person at the centre looks at {a} for a few seconds and wants to be sure.',
      'The first minute decides: {title} shows {b} before it asks for anything.',
      'Every state has words of its own: empty, loading, failed and done, and each names {c} plainly.',
    ],
    items: [
      'Newcomer: sees {a}, understands it, leaves',
      'Regular: compares {b} over days',
      'Keeper: maintains {c} and repairs mistakes',
    ],
  },
  {
    title: 'Architecture',
    words: /\b(?:architectur\w*|components?|modules?|systems?|layers?|design)\b/i,
    sentences: [
      '{title} is divided so that {a} can change without touching {b}.',
      'One component owns each piece of state; the others ask it, and nothing about {c} is kept twice.',
      'The boundary between {a} and {b} is a small, typed contract with a test on either side.',
    ],
    items: [
      'Core: the rules of {a}, free of input and output',
      'Store: keeps {b}, writes atomically',
      'Surface: shows {c} and takes commands',
      'Scheduler: refreshes what has grown old',
    ],
  },
  {
    title: 'Data',
    words: /\b(?:data|storage|database|schemas?|entities|persist\w*|models?)\b/i,
    sentences: [
      'The central record describes {a}; it carries an identity, a version and the time of its last change.',
      'History of {b} is appended, never rewritten, so any earlier state can be shown again.',
      'Derived values about {c} are computed on reading until measurement proves that too slow.',
    ],
    items: [
      '{a}: identity, name, state, version',
      '{b}: when, what, source',
      '{c}: settings with documented defaults',
    ],
  },
  {
    title: 'Interfaces',
    words: /\b(?:apis?|interfaces?|endpoints?|contracts?|protocols?|integrations?)\b/i,
    sentences: [
      'The interface speaks of {a} and {b}, never of tables or threads.',
      'Every operation on {c} can be repeated safely; a caller that lost the answer simply asks again.',
      'Errors name what was wrong with {a} and what to do next.',
    ],
    items: [
      'Read {a}: returns the current state and its age',
      'Change {b}: needs the version last seen',
      'Watch {c}: delivers changes in order',
    ],
  },
  {
    title: 'Plan',
    words:
      /\b(?:plans?|roadmap|milestones?|phases?|timeline|schedule|steps?|strategy|implementation|tasks?|approach)\b/i,
    sentences: [
      'The work on {title} is ordered by what teaches most: {a} first, because everything else leans on it.',
      'Each step ends with something a person can try, beginning with {b}.',
      '{c} waits until the path from end to end has been walked once.',
    ],
    items: [
      'Walk one straight path through {a}',
      'Add the hard cases of {b}',
      'Harden {c}: limits, failures, recovery',
      'Let three people use it and write down what they say',
    ],
  },
  {
    title: 'Risks',
    words: /\b(?:risks?|threats?|challenges?|mitigations?|failures?|unknowns?|trade-?offs?)\b/i,
    sentences: [
      'The greatest risk is that {a} turns out to be less regular than it looks.',
      'If {b} is wrong in silence, trust in {title} is gone; it must fail loudly instead.',
      'A small experiment with {c} in the first week answers more than a month of discussion.',
    ],
    items: [
      '{a} is not available when needed: keep the last good state and say how old it is',
      '{b} grows faster than expected: bound it from the first day',
      'Nobody cares about {c}: measure use, and remove it',
    ],
  },
  {
    title: 'Testing',
    words: /\b(?:tests?|testing|quality|verif\w+|validat\w+|acceptance|qa)\b/i,
    sentences: [
      'The rules about {a} are tested as plain functions; the edges around {b} are tested against the real thing.',
      'Every fault found in {c} becomes a test before it becomes a repair.',
    ],
    items: [
      'Property: whatever happens to {a}, {b} stays consistent',
      'Fault: {c} disappears in the middle of a write',
      'Journey: a newcomer reaches the first result alone',
    ],
  },
  {
    title: 'Security',
    words: /\b(?:security|privacy|auth\w*|permissions?|compliance|secrets?)\b/i,
    sentences: [
      '{title} keeps as little as it can about {a}, and nothing that identifies a person unless they gave it.',
      'Input about {b} is treated as hostile until it has been parsed.',
    ],
    items: [
      'Secrets stay out of logs and exports',
      'Access to {a} is refused by default',
      'Changes of {c} are recorded with who and when',
    ],
  },
  {
    title: 'Performance and operation',
    words: /\b(?:performance|scal\w+|operations?|deploy\w*|monitor\w*|observab\w*|reliab\w*|latency)\b/i,
    sentences: [
      'A reading of {a} costs the same whether there are ten of them or ten thousand.',
      'Operation is watched by three numbers: the age of {b}, the share of failures, the time to show {c}.',
    ],
    items: [
      'Start: ready before the first request about {a}',
      'Load: bounded queues, then a clear refusal',
      'Stop: finish what was begun, keep {b} whole',
    ],
  },
  {
    title: 'Cost and resources',
    words: /\b(?:costs?|budgets?|resources?|team|effort|estimates?|pric\w+)\b/i,
    sentences: [
      'Two people can carry {title} through its first release; a third would help with {a}.',
      'Most of the effort goes into {b}; most of the running cost comes from {c}.',
    ],
    items: ['{a}: small', '{b}: the largest part', '{c}: uncertain, decided after the first experiment'],
  },
  {
    title: 'Progress',
    words: /\b(?:progress|status|assessment|completed|achiev\w+|blockers?|retrospective|metrics?)\b/i,
    sentences: [
      'The way to judge progress on {title} is to use it: {a} works or it does not.',
      'Finished means that {b} survives a restart and a stranger could explain {c}.',
    ],
    items: [
      'Done: the contract of {a}',
      'Under way: {b}, with its hard cases known',
      'Open: {c}, waiting for a decision',
    ],
  },
  {
    title: 'Review',
    words: /\b(?:reviews?|critique|feedback|findings?|improvements?|refactor\w*)\b/i,
    sentences: [
      'Read as a stranger, the part about {a} is clear; the part about {b} needs an example.',
      'The weakest place is where {a} meets {c}: two owners, one truth.',
    ],
    items: ['Name {a} the same everywhere', 'Give {b} one owner', 'Delete what nobody reads about {c}'],
  },
  {
    title: 'Open questions',
    words: /\b(?:questions?|assumptions?|decisions?|next steps|alternatives?|reasons?|rationale)\b/i,
    sentences: [
      'Some things can only be learned by asking the people who live with {a}.',
      'The choice between the simple and the complete form of {b} is open; the simple one is assumed until then.',
    ],
    items: [
      'Who decides when {a} and {b} disagree?',
      'How old may {c} be before it misleads?',
      'What would make us stop?',
    ],
  },
];

/** For titles that fit no topic, and to fill up the others. */
export const GENERAL: Topic = {
  title: 'Overview',
  words: /^$/,
  sentences: [
    'What matters here is how {a} relates to {b}: the first sets the pace, the second the limit.',
    'A sensible default for {c} spares most people from choosing at all.',
    'Where {b} is uncertain, this says so instead of guessing.',
    'Small and finished beats large and nearly finished, above all for {a}.',
    'Seen from {a}, {title} is simple; seen from {b}, it is not, and the second view counts.',
    'Nobody should have to know about {c} to get the good of {a}.',
    'The quickest way to be wrong about {b} is to settle it before {a} has been tried.',
    'If only one thing about {title} could be right, it should be {a}.',
    'Two days spent on {b} early save two weeks spent on {c} late.',
    'Gaps in {c} are forgiven; mistakes in {a} are not.',
    'Whoever reads this in a year should still see why {a} came before {b}.',
    'The honest answer about {c} is that a small trial must decide.',
    'Every choice about {a} is written down with the one that was rejected.',
    'Keep {b} boring, so that {a} may be interesting.',
    'A stranger should be able to repeat what is said here about {c}.',
    'When {a} and {c} pull apart, {title} follows {a}.',
  ],
  items: [
    'Start from {a}',
    'Keep {b} visible',
    'Decide {c} late',
    'Write down what is not known about {b}',
    'Try {a} with one person before building more',
    'Leave {c} out until somebody misses it',
    'Name one owner for {b}',
    'Measure {a} before changing it',
    'Make a mistake in {c} easy to undo',
    'Look at {b} again after the first week',
    'Keep an example of {a} that anybody can run',
    'Say plainly what happens when {c} fails',
  ],
};

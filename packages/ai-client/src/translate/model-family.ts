/** Properties of a model that a translation needs; derived from its name, without a request. */
export interface ModelFamily {
  /** Maximum length of an answer, tokens. Sent as `max_tokens` if the caller sets none, like the default of chat completions. */
  readonly maxOutputTokens: number;
  /** Whether it accepts `temperature` and `top_p`; others answer 400 to any value but the default. */
  readonly takesSampling: boolean;
  /** Whether it accepts both together; others answer 400 and accept only one. */
  readonly takesBothSamplings: boolean;
  /** `budget`: thinks for a given number of tokens. `adaptive`: decides how long to think, guided by an effort. */
  readonly thinking: 'budget' | 'adaptive';
  readonly thinksUnasked: boolean;
  /** Whether it can think before a call forced by `tool_choice`; others answer 400 to the combination. */
  readonly thinksBeforeForcedCalls: boolean;
  /** Whether it accepts `thinking: {type: 'disabled'}`. */
  readonly canStopThinking: boolean;
  /** Levels of `output_config.effort`, ascending. */
  readonly efforts: readonly string[];
  /** Whether it accepts system messages between the turns. */
  readonly takesSystemTurns: boolean;
}

const budgetThinking = {
  takesSampling: true,
  takesBothSamplings: false,
  thinking: 'budget',
  thinksUnasked: false,
  thinksBeforeForcedCalls: false,
  canStopThinking: true,
  efforts: [],
  takesSystemTurns: false,
} as const;

const adaptiveThinking = {
  takesSampling: false,
  takesBothSamplings: false,
  thinking: 'adaptive',
  thinksUnasked: true,
  thinksBeforeForcedCalls: true,
  canStopThinking: true,
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  takesSystemTurns: false,
  maxOutputTokens: 128_000,
} as const;

/** For models newer than this table. Every model since 4.5 can write at least 64,000 tokens. */
const youngest: ModelFamily = { ...adaptiveThinking, maxOutputTokens: 64_000 };

interface FamilyRow {
  readonly tiers?: readonly string[];
  /** Range of versions, inclusive: 45 stands for 4.5. */
  readonly from?: number;
  readonly to?: number;
  readonly family: ModelFamily;
}

/**
 * The first matching row applies. Source: Anthropic's models overview and its pages on extended thinking, adaptive thinking, effort and
 * mid-conversation system messages, as of November 2026; for sampling, how Opus 4.1 and the models from 4.5 on respond to both parameters.
 */
const rows: readonly FamilyRow[] = [
  { to: 39, family: { ...budgetThinking, takesBothSamplings: true, maxOutputTokens: 4_096 } },
  {
    tiers: ['opus'],
    to: 40,
    family: { ...budgetThinking, takesBothSamplings: true, maxOutputTokens: 32_000 },
  },
  { tiers: ['opus'], to: 44, family: { ...budgetThinking, maxOutputTokens: 32_000 } },
  { to: 40, family: { ...budgetThinking, takesBothSamplings: true, maxOutputTokens: 64_000 } },
  { to: 45, family: { ...budgetThinking, maxOutputTokens: 64_000 } },
  {
    to: 46,
    family: {
      ...adaptiveThinking,
      takesSampling: true,
      thinksUnasked: false,
      thinksBeforeForcedCalls: false,
      efforts: ['low', 'medium', 'high', 'max'],
    },
  },
  { to: 47, family: { ...adaptiveThinking, thinksUnasked: false, thinksBeforeForcedCalls: false } },
  { to: 49, family: { ...adaptiveThinking, thinksUnasked: false, takesSystemTurns: true } },
  {
    tiers: ['fable', 'mythos'],
    family: { ...adaptiveThinking, canStopThinking: false, takesSystemTurns: true },
  },
  { tiers: ['opus'], from: 50, to: 50, family: { ...adaptiveThinking, takesSystemTurns: true } },
  { tiers: ['sonnet'], from: 50, to: 50, family: adaptiveThinking },
];

/** `claude-opus-4-5-20251101`, `claude-3-5-haiku-20241022`, `claude-sonnet-5`: the tier, if first, and the version. */
const modelName = /claude-(?:([a-z]+)(?:-|$))?(?:(\d{1,2})(?!\d)(?:-(\d)(?!\d))?)?/;

/** The family of a model by its name. An uninformative name gets the newest. */
export function modelFamily(model: string): ModelFamily {
  const [, tier, major, minor] = modelName.exec(model) ?? [];
  const version = major === undefined ? undefined : Number(major) * 10 + Number(minor ?? 0);
  const row = rows.find(({ tiers, from, to }) => {
    if (tiers !== undefined && (tier === undefined || !tiers.includes(tier))) return false;
    if (from === undefined && to === undefined) return true;
    return version !== undefined && version >= (from ?? 0) && version <= (to ?? version);
  });
  return row?.family ?? youngest;
}

/** What a translation has to know of a model: names alone say it, no request is made for it. */
export interface ModelFamily {
  /** Most tokens that an answer may have: `max_tokens` when the caller sets none, as chat completions have it. */
  readonly maxOutputTokens: number;
  /** Takes `temperature` and `top_p`; others answer 400 to any value but the default. */
  readonly takesSampling: boolean;
  /** Takes the two of them together; others answer 400, and take either. */
  readonly takesBothSamplings: boolean;
  /** `budget`: thinks for a number of tokens. `adaptive`: decides by itself how long, guided by an effort. */
  readonly thinking: 'budget' | 'adaptive';
  readonly thinksUnasked: boolean;
  /** Thinks before a call that `tool_choice` forces; others answer 400 to the two together. */
  readonly thinksBeforeForcedCalls: boolean;
  /** Takes `thinking: {type: 'disabled'}`. */
  readonly canStopThinking: boolean;
  /** Levels of `output_config.effort`, ascending. */
  readonly efforts: readonly string[];
  /** Takes system messages between the turns. */
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

/** A model that this table does not know is younger than it. No model since 4.5 ends an answer before 64,000 tokens. */
const youngest: ModelFamily = { ...adaptiveThinking, maxOutputTokens: 64_000 };

interface FamilyRow {
  readonly tiers?: readonly string[];
  /** Versions of this row: 45 stands for 4.5; both ends belong to it. */
  readonly from?: number;
  readonly to?: number;
  readonly family: ModelFamily;
}

/**
 * The first row that fits. Source: Anthropic's models overview and its pages on extended thinking, adaptive thinking, effort
 * and mid-conversation system messages, as of November 2026; of sampling, what Opus 4.1 and the models from 4.5 on answer to both parameters.
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

/** The family of a model by its name. A name that says nothing belongs to the youngest. */
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

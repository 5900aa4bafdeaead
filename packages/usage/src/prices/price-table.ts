import type { TokenUsage } from '@ai-toolkit/ai-client';
import { ByNames } from '../by-names.js';
import { checkNames, show } from '../check.js';
import { type ModelPrice, priceList } from './price-list.js';

/** The cost of one answer, or why it is not known. Unknown is never zero. */
export type CallPrice =
  | { readonly known: true; readonly usd: number }
  | { readonly known: false; readonly reason: 'unknown-model' };

export interface PriceTableOptions {
  /**
   * The user's own prices, which take precedence over the built-in list. Keys: `provider/model`, `provider/*` for every model of a
   * provider, or `model` for that model at any provider. Model names match case-insensitively, with or without a date at their end.
   */
  readonly overrides?: Readonly<Record<string, ModelPrice>>;
}

export interface PriceTable {
  /** Cost of an answer of `model` at `provider` that took `usage`. */
  price(provider: string, model: string, usage: TokenUsage): CallPrice;
  /** The price that `price` would use; undefined if it is not known. */
  find(provider: string, model: string): ModelPrice | undefined;
  /** Date up to which price changes are included in the built-in list, `YYYY-MM-DD`. */
  readonly asOf: string;
}

const unknownModel: CallPrice = { known: false, reason: 'unknown-model' };
const free: ModelPrice = { inputUsd: 0, outputUsd: 0 };

/** `-2024-08-06`, `-20241022`, `@20241022`, `-latest`: the same model, pinned or not. */
const snapshotSuffix = /(?:[-@](?:\d{4}-\d{2}-\d{2}|\d{8})|-latest|-0)$/;

/** The result of a search, which may be nothing. */
interface Found {
  readonly price: ModelPrice | undefined;
}

/** Model names come from callers, so at most this many are remembered. */
const maxRemembered = 1000;

export function createPriceTable(options: PriceTableOptions = {}): PriceTable {
  checkNames('createPriceTable', options, { overrides: true });
  const given = options.overrides ?? {};
  if (typeof given !== 'object') throw new TypeError(`overrides must be prices by name, got ${show(given)}`);
  const overrides = new Map<string, ModelPrice>();
  for (const [name, price] of Object.entries(given)) {
    checkPrice(`overrides["${name}"]`, price);
    overrides.set(name.toLowerCase(), price);
  }
  const builtIn = new Map<string, ModelPrice>();
  for (const [provider, models] of Object.entries(priceList.models)) {
    for (const [model, price] of Object.entries(models)) builtIn.set(`${provider}/${model}`, price);
  }
  for (const provider of priceList.freeProviders) builtIn.set(`${provider}/*`, free);

  function search(provider: string, model: string): ModelPrice | undefined {
    const base = model.replace(snapshotSuffix, '');
    for (const name of base === model ? [model] : [model, base]) {
      const own = overrides.get(`${provider}/${name}`) ?? overrides.get(name);
      if (own !== undefined) return own;
    }
    return (
      overrides.get(`${provider}/*`) ??
      builtIn.get(`${provider}/${model}`) ??
      builtIn.get(`${provider}/${base}`) ??
      builtIn.get(`${provider}/*`)
    );
  }

  let remembered = new ByNames<Found>();
  let count = 0;
  function find(provider: string, model: string): ModelPrice | undefined {
    const names = [provider, model];
    const known = remembered.get(names);
    if (known !== undefined) return known.price;
    const price = search(provider.toLowerCase(), model.toLowerCase());
    if (count >= maxRemembered) {
      remembered = new ByNames();
      count = 0;
    }
    remembered.set(names, { price });
    count += 1;
    return price;
  }

  return {
    asOf: priceList.asOf,
    find,
    price(provider, model, usage) {
      const price = find(provider, model);
      return price === undefined ? unknownModel : { known: true, usd: costOf(price, usage) };
    },
  };
}

function costOf(price: ModelPrice, usage: TokenUsage): number {
  const long = price.longPrompt;
  const rate = long !== undefined && usage.inputTokens > long.aboveInputTokens ? long : price;
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens);
  const microUsd =
    (usage.inputTokens - cached) * rate.inputUsd +
    cached * (rate.cachedInputUsd ?? rate.inputUsd) +
    usage.outputTokens * rate.outputUsd;
  return microUsd / 1_000_000;
}

const knownFields: Record<keyof NonNullable<ModelPrice['longPrompt']>, true> = {
  inputUsd: true,
  outputUsd: true,
  cachedInputUsd: true,
  longPrompt: true,
  aboveInputTokens: true,
};

function checkPrice(option: string, price: ModelPrice): void {
  checkNames(option, price, knownFields);
  for (const field of ['inputUsd', 'outputUsd', 'cachedInputUsd'] as const) {
    const value = price[field];
    if (value === undefined && field === 'cachedInputUsd') continue;
    if (typeof value !== 'number') {
      throw new TypeError(
        `${option}.${field} must be a number of US dollars per million tokens, got ${show(value)}`,
      );
    }
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${option}.${field} must be zero or more, got ${value}`);
    }
  }
  const { longPrompt } = price;
  if (longPrompt === undefined) return;
  checkPrice(`${option}.longPrompt`, longPrompt);
  const { aboveInputTokens } = longPrompt;
  if (!(typeof aboveInputTokens === 'number' && aboveInputTokens >= 0))
    throw new RangeError(
      `${option}.longPrompt.aboveInputTokens must be zero or more, got ${show(aboveInputTokens)}`,
    );
}

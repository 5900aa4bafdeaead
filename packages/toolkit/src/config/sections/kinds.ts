import * as z from 'zod/mini';

/**
 * The kinds of settings. A kind takes its description, which is all of its manual: `docs/configuration.md` is made of it.
 * Zod's small edition, because every command validates its configuration before it does anything.
 */

export function text(description: string): z.ZodMiniString {
  return z.string().check(z.minLength(1), z.describe(description));
}

/** A text that nobody may see again: lists show it masked. */
export function secret(description: string, minLength: number = 1): z.ZodMiniString {
  return z.string().check(z.minLength(minLength), z.meta({ description, secret: true }));
}

export function httpUrl(description: string): z.ZodMiniURL {
  return z.url({ protocol: /^https?$/ }).check(z.meta({ description, form: 'URL, http or https' }));
}

/** A URL that may carry a password, which is masked. */
export function accessUrl(description: string, protocol: RegExp, form: string): z.ZodMiniURL {
  return z.url({ protocol }).check(z.meta({ description, form, secret: true }));
}

export function positive(description: string): z.ZodMiniNumber {
  return z.number().check(z.positive(), z.describe(description));
}

export function positiveInteger(description: string): z.ZodMiniNumber {
  return z.int().check(z.positive(), z.describe(description));
}

/** Zero or more, `most` at most. */
export function amount(description: string, most: number = Number.MAX_VALUE): z.ZodMiniNumber {
  return z.number().check(z.minimum(0), z.maximum(most), z.describe(description));
}

export function integer(description: string, least: number, most: number): z.ZodMiniNumber {
  return z.int().check(z.minimum(least), z.maximum(most), z.describe(description));
}

export function flag(description: string): z.ZodMiniBoolean {
  return z.boolean().check(z.describe(description));
}

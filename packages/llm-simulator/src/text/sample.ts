import { asList, asNumber, asString, isObject, type JsonObject } from '../json.js';
import { pick, pickIndex, type Random } from '../random.js';
import { capitalise, properNames, tellingWords } from './words.js';

/** What generated values are drawn from. */
export interface Material {
  readonly words: readonly string[];
  /** Proper names in the prompt, for places, people and titles. */
  readonly names: readonly string[];
  /** Numbers in the prompt. */
  readonly numbers: readonly number[];
  readonly sentence: string;
}

const MAX_DEPTH = 6;
const MAX_VALUES = 5_000;
const MAX_MIN_LENGTH = 2_000;
const PROPER = /name|city|town|place|location|country|person|author|title|company|destination|origin|street/i;
const SENTENCE =
  /description|summary|text|content|message|reason|explanation|query|prompt|question|answer|comment|note|body/i;

/** Gathers material from a prompt. */
export function materialOf(prompt: string): Material {
  const numbers = [...prompt.slice(0, 4_000).matchAll(/(?<![\w.-])-?\d{1,9}(?:\.\d+)?(?![\w-])/g)].map(
    (match) => Number(match[0]),
  );
  return {
    words: tellingWords(prompt, 12),
    names: properNames(prompt),
    numbers,
    sentence: prompt.slice(0, 400).replace(/\s+/g, ' ').trim(),
  };
}

/** A value that is valid against a JSON schema, as far as the schema uses the common keywords. */
export function sampleFromSchema(schema: unknown, material: Material, random: Random): unknown {
  return sample({ root: schema, material, random, left: MAX_VALUES }, schema, '', 0);
}

interface Sampling {
  readonly root: unknown;
  readonly material: Material;
  readonly random: Random;
  /** How many more values may be generated: a hostile schema multiplies. */
  left: number;
}

function sample(sampling: Sampling, schema: unknown, name: string, depth: number): unknown {
  sampling.left -= 1;
  if (sampling.left < 0) return null;
  if (!isObject(schema))
    return schema === false ? null : pick(sampling.random, sampling.material.words, 'value');
  if ('const' in schema) return schema.const;
  const choices = asList(schema.enum);
  if (choices.length > 0) return mentioned(choices, sampling) ?? pick(sampling.random, choices, choices[0]);
  const reference = asString(schema.$ref);
  if (reference !== undefined)
    return depth > MAX_DEPTH * 2
      ? null
      : sample(sampling, resolve(sampling.root, reference), name, depth + 1);
  const all = asList(schema.allOf);
  if (all.length > 0) return sample(sampling, merged(sampling.root, schema, all), name, depth + 1);
  const any = [...asList(schema.anyOf), ...asList(schema.oneOf)];
  if (any.length > 0) {
    const simplest =
      depth >= MAX_DEPTH
        ? (any.find((option) => isObject(option) && option.type === 'null') ?? any[0])
        : any[0];
    return sample(sampling, simplest, name, depth + 1);
  }
  return sampleTyped(sampling, schema, typeOf(schema, depth), name, depth);
}

function typeOf(schema: JsonObject, depth: number): string {
  const type = schema.type;
  if (typeof type === 'string') return type;
  const types = asList(type).map(String);
  if (depth >= MAX_DEPTH && types.includes('null')) return 'null';
  const concrete = types.find((candidate) => candidate !== 'null') ?? types[0];
  if (concrete !== undefined) return concrete;
  if (isObject(schema.properties)) return 'object';
  return 'items' in schema ? 'array' : 'string';
}

function sampleTyped(
  sampling: Sampling,
  schema: JsonObject,
  type: string,
  name: string,
  depth: number,
): unknown {
  switch (type) {
    case 'object':
      return sampleObject(sampling, schema, depth);
    case 'array':
      return sampleArray(sampling, schema, name, depth);
    case 'integer':
    case 'number':
      return sampleNumber(sampling, schema, type === 'integer');
    case 'boolean':
      return sampling.random() < 0.5;
    case 'null':
      return null;
    default:
      return sampleString(sampling, schema, name);
  }
}

function sampleObject(sampling: Sampling, schema: JsonObject, depth: number): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set(asList(schema.required).map(String));
  const result: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(properties)) {
    // Optional properties are filled in until a recursive schema would go on forever.
    if (depth >= MAX_DEPTH && !required.has(key)) continue;
    Object.defineProperty(result, key, {
      value: sample(sampling, property, key, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  for (const key of required)
    if (!Object.hasOwn(result, key))
      result[key] = sample(sampling, schema.additionalProperties ?? {}, key, depth + 1);
  return result;
}

function sampleArray(sampling: Sampling, schema: JsonObject, name: string, depth: number): unknown[] {
  const fixed = asList(schema.prefixItems);
  if (fixed.length > 0) return fixed.map((item) => sample(sampling, item, name, depth + 1));
  const least = asNumber(schema.minItems) ?? (depth >= MAX_DEPTH ? 0 : 1);
  const most = asNumber(schema.maxItems) ?? Math.max(least, 3);
  const length = Math.min(
    most,
    depth >= MAX_DEPTH ? least : Math.max(least, 1 + pickIndex(sampling.random, 3)),
  );
  const items: unknown[] = [];
  for (let index = 0; index < length && sampling.left > 0; index += 1)
    items.push(sample(sampling, schema.items ?? {}, name, depth + 1));
  return items;
}

function sampleNumber(sampling: Sampling, schema: JsonObject, whole: boolean): number {
  const step = asNumber(schema.multipleOf) ?? (whole ? 1 : 0.1);
  const above = asNumber(schema.exclusiveMinimum);
  const below = asNumber(schema.exclusiveMaximum);
  const least = asNumber(schema.minimum) ?? (above === undefined ? undefined : above + step);
  const most = asNumber(schema.maximum) ?? (below === undefined ? undefined : below - step);
  const low = least ?? Math.min(0, most ?? 0);
  const high = most ?? low + 100;
  const fromPrompt = sampling.material.numbers.find(
    (value) => value >= low && value <= high && (!whole || Number.isInteger(value)),
  );
  if (fromPrompt !== undefined && schema.multipleOf === undefined) return fromPrompt;
  const first = Math.ceil(low / step);
  const steps = Math.max(0, Math.floor(high / step) - first);
  return Number(((first + pickIndex(sampling.random, steps + 1)) * step).toFixed(6));
}

function sampleString(sampling: Sampling, schema: JsonObject, name: string): string {
  const { material, random } = sampling;
  const formatted = FORMATS.get(asString(schema.format) ?? '')?.(random);
  if (formatted !== undefined) return formatted;
  const word = pick(random, material.words, 'value');
  let text = word;
  if (PROPER.test(name)) text = pick(random, material.names, capitalise(word));
  else if (SENTENCE.test(name)) text = material.sentence === '' ? 'A simulated value.' : material.sentence;
  const most = asNumber(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  const least = Math.min(asNumber(schema.minLength) ?? 0, MAX_MIN_LENGTH);
  while (text.length < least) text += ` ${word}`;
  return text.slice(0, most);
}

const FORMATS: ReadonlyMap<string, (random: Random) => string> = new Map(
  Object.entries({
    'date-time': (random) => `${date(random)}T0${pickIndex(random, 10)}:30:00Z`,
    date,
    time: (random) => `0${pickIndex(random, 10)}:30:00Z`,
    duration: () => 'PT30M',
    email: () => 'someone@example.com',
    uri: () => 'https://example.com/simulated',
    url: () => 'https://example.com/simulated',
    hostname: () => 'example.com',
    ipv4: () => '192.0.2.1',
    ipv6: () => '2001:db8::1',
    uuid: (random) => `00000000-0000-4000-8000-${String(pickIndex(random, 1_000_000)).padStart(12, '0')}`,
  }),
);

function date(random: Random): string {
  return `2026-0${1 + pickIndex(random, 9)}-1${pickIndex(random, 10)}`;
}

/** The choice that the prompt mentions, so that "in celsius" is understood. */
function mentioned(choices: readonly unknown[], { material }: Sampling): unknown {
  const text = material.sentence.toLowerCase();
  return choices.find(
    (choice) => typeof choice === 'string' && choice.length > 2 && text.includes(choice.toLowerCase()),
  );
}

function resolve(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return {};
  let target = root;
  for (const step of reference
    .slice(1)
    .split('/')
    .filter((part) => part !== '')) {
    const key = step.replace(/~1/g, '/').replace(/~0/g, '~');
    target = isObject(target) ? target[key] : undefined;
  }
  return target ?? {};
}

function merged(root: unknown, schema: JsonObject, parts: readonly unknown[]): JsonObject {
  const { allOf: _, ...own } = schema;
  const whole: Record<string, unknown> = { ...own };
  for (const part of parts) {
    const reference = isObject(part) ? asString(part.$ref) : undefined;
    const resolved = reference === undefined ? part : resolve(root, reference);
    if (!isObject(resolved)) continue;
    const properties = {
      ...(isObject(whole.properties) ? whole.properties : {}),
      ...(isObject(resolved.properties) ? resolved.properties : {}),
    };
    const required = [...asList(whole.required), ...asList(resolved.required)];
    Object.assign(whole, resolved, { properties, required });
  }
  return whole;
}

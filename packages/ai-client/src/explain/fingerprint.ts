import { hash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { KnownWords } from '../known-words.js';
import { defaultTenant, type Scope } from '../steps/key.js';
import type { Target } from '../steps/target.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { hashText, hashValue } from './quick-hash.js';

/**
 * A fingerprint reveals in which fields two requests differ without storing their content: prompts are private, and an entry should not
 * hold them twice. It is JSON, `[scope, body]`, with these values:
 * - numbers, booleans and `null` in the clear, except numbers in a list, which may be the tokens of a prompt;
 * - `"=text"`: a text in the clear (names of surface, provider and model);
 * - `"hash"`: a short hash of a text, `"~hash"`: of a whole object or list;
 * - `"+12~hash"`: of a run of twelve items in a list.
 * How deeply a field is split depends on that field alone, so that equal fields always look the same.
 */

/** Most fields, to keep a fingerprint small compared to its entry. */
const maxFields = 64;
/** Most fields of one list, and most members of one object. */
const maxListFields = 24;
const maxMembers = 8;
/** Items of a longer list that are hashed separately, at its beginning and its end. */
const keptFirst = 12;
const keptLast = 11;

const names = new KnownWords((name) => `${JSON.stringify(name)}:`);
const hashes = new KnownWords((text) => `"${short(hashText(text))}"`);

/** The fingerprint of a request to one upstream. */
export function fingerprint(target: Target, { keyExclusions }: SurfaceAdapter): string {
  const { scope, ownKey, request, model } = target;
  const own = ownKey === undefined ? '' : `"ownKey":"${short(hashText(ownKey))}",`;
  const body = ownKey === undefined ? bodyPrint(request, keyExclusions) : `{"model":${clear(model)}}`;
  // Joining makes one flat string; concatenation would make a rope, whose parts would all be retained with the entry.
  return ['[{', own, printOf(scope), '},', body, ']'].join('');
}

/** Memoised prints of scopes: most requests have one of a few. */
const prints: WeakMap<Scope, string> = new WeakMap();

function printOf(scope: Scope): string {
  const known = prints.get(scope);
  if (known !== undefined) return known;
  const print = scopePrint(scope);
  prints.set(scope, print);
  return print;
}

/** Tenants are distinguished by a cryptographic hash, so that no tenant can forge another's and learn of its entries. */
function tenantPrint(tenant: string): string {
  return tenant === defaultTenant ? '' : hash('sha256', tenant, 'hex').slice(0, 24);
}

/** The members of a scope as JSON. */
function scopePrint(scope: Scope): string {
  const { surface, provider, baseUrl, speaks, tenant, namespace, headers, sample, credentials } = scope;
  let text = `"surface":${clear(surface)},"provider":${clear(provider)},"baseUrl":"${short(hashText(baseUrl))}"`;
  if (speaks !== null) text += `,"speaks":${clear(speaks)}`;
  if (tenant !== defaultTenant) text += `,"tenant":"${tenantPrint(tenant)}"`;
  if (namespace !== null) text += `,"namespace":"${short(hashText(namespace))}"`;
  if (sample !== 0) text += `,"sample":${sample}`;
  if (credentials !== null) text += `,"credentials":"${short(hashText(credentials))}"`;
  if (headers.length > 0) text += `,"headers":${headersPrint(headers)}`;
  return text;
}

function headersPrint(headers: Scope['headers']): string {
  if (headers.length > maxMembers) return `"~${short(hashValue(Object.fromEntries(headers)))}"`;
  return `{${headers.map(([name, value]) => `${JSON.stringify(name)}:"${short(hashText(value))}"`).join(',')}}`;
}

function bodyPrint(body: JsonObject, excluded: ReadonlySet<string>): string {
  const deep = new Print();
  for (const name in body) if (!excluded.has(name)) deep.add(name, body[name], true);
  if (deep.fields <= maxFields) return deep.text;
  const shallow = new Print();
  for (const name in body) if (!excluded.has(name)) shallow.add(name, body[name], false);
  if (shallow.fields <= maxFields) return shallow.text;
  const rest = Object.entries(body).filter(([name]) => !excluded.has(name));
  return `"~${short(hashValue(Object.fromEntries(rest)))}"`;
}

class Print {
  fields = 0;
  private members = '';

  get text(): string {
    return `{${this.members}}`;
  }

  add(name: string, value: JsonValue | undefined, takesApart: boolean): void {
    const comma = this.members === '' ? '' : ',';
    const shown =
      name === 'model' && typeof value === 'string'
        ? clear(value)
        : takesApart
          ? this.field(value)
          : this.whole(value);
    if (name === 'model') this.fields++;
    this.members += `${comma}${names.get(name)}${shown}`;
  }

  private field(value: JsonValue | undefined): string {
    if (Array.isArray(value)) return this.list(value);
    if (!isJsonObject(value)) return this.whole(value);
    return memberCount(value) <= maxMembers ? this.object(value) : this.whole(value);
  }

  private list(items: readonly JsonValue[]): string {
    if (items.length > maxListFields) return this.longList(items);
    let fields = 0;
    for (const item of items) fields += isJsonObject(item) ? memberCount(item) : 1;
    const apart = fields <= maxListFields;
    let text = '';
    for (const item of items) {
      const shown = apart && isJsonObject(item) ? this.object(item) : this.item(item);
      text += text === '' ? shown : `,${shown}`;
    }
    return `[${text}]`;
  }

  private longList(items: readonly JsonValue[]): string {
    const run = items.slice(keptFirst, -keptLast);
    this.fields++;
    return `[${[
      ...items.slice(0, keptFirst).map((item) => this.item(item)),
      `"+${run.length}~${short(hashValue(run))}"`,
      ...items.slice(-keptLast).map((item) => this.item(item)),
    ].join(',')}]`;
  }

  /** Hashes numbers in a list, which may be the tokens of a prompt. */
  private item(value: JsonValue): string {
    if (typeof value !== 'number') return this.whole(value);
    this.fields++;
    return `"${short(hashValue(value))}"`;
  }

  private object(value: JsonObject): string {
    let text = '';
    for (const name in value) text += `${text === '' ? '' : ','}${names.get(name)}${this.whole(value[name])}`;
    return `{${text}}`;
  }

  private whole(value: JsonValue | undefined): string {
    this.fields++;
    if (typeof value === 'string') return hashes.get(value);
    if (typeof value === 'object' && value !== null) return `"~${short(hashValue(value))}"`;
    return String(value ?? null);
  }
}

function memberCount(object: JsonObject): number {
  let count = 0;
  for (const _name in object) count++;
  return count;
}

function clear(text: string): string {
  return JSON.stringify(`=${text}`);
}

function short(value: number): string {
  return value.toString(36);
}

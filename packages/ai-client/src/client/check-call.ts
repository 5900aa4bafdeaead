import {
  checkDuration,
  checkFinite,
  checkNames,
  checkNumber,
  checkText,
  checkType,
  checkWhole,
  show,
} from '../check.js';
import type { CacheMode, CallOptions, GenerateOptions } from './ai-client.js';
import type { ResponseFormat, Tool, ToolChoice } from './tool.js';

const modes: Record<CacheMode, true> = { default: true, refresh: true, bypass: true, 'only-if-cached': true };

const cacheNames: Record<keyof NonNullable<CallOptions['cache']>, true> = {
  mode: true,
  ttlMs: true,
  namespace: true,
  semantic: true,
  sample: true,
};

/** Validates the options common to all calls. Throws a `TypeError` or `RangeError` that names the first invalid one. */
export function checkCall({ model, timeoutMs, idleTimeoutMs, cache, signal, labels }: CallOptions): void {
  if (model !== undefined) checkName('model', model);
  checkNumber('timeoutMs', timeoutMs, 0);
  checkDuration('idleTimeoutMs', idleTimeoutMs);
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function')
    throw new TypeError(`signal must be an AbortSignal, got ${show(signal)}`);
  if (labels !== undefined) checkLabels(labels);
  if (cache === undefined) return;
  if (typeof cache !== 'object' || cache === null)
    throw new TypeError(`cache must be an object with a mode, ttlMs, …, got ${show(cache)}`);
  checkNames('cache', cache, cacheNames);
  const { mode, ttlMs, namespace, semantic, sample } = cache;
  if (mode !== undefined && !Object.hasOwn(modes, mode))
    throw new RangeError(`cache.mode must be one of ${Object.keys(modes).join(', ')}, got ${show(mode)}`);
  checkNumber('cache.ttlMs', ttlMs, 0);
  checkText('cache.namespace', namespace);
  checkType('cache.semantic', semantic, 'boolean');
  checkWhole('cache.sample', sample, 0);
}

function checkLabels(labels: NonNullable<CallOptions['labels']>): void {
  if (typeof labels !== 'object' || labels === null)
    throw new TypeError(`labels must be an object of strings, got ${show(labels)}`);
  for (const [name, label] of Object.entries(labels)) checkText(`labels.${name}`, label);
}

/** Validates the options of a generation likewise. `NaN` or `Infinity` would be sent as `null`, which means an absent option. */
export function checkGeneration(options: GenerateOptions): void {
  const { system, maxTokens, temperature, topP, seed, stop, tools } = options;
  checkText('system', system);
  checkWhole('maxTokens', maxTokens, 1);
  checkFinite('temperature', temperature);
  checkFinite('topP', topP);
  checkFinite('seed', seed);
  if (stop !== undefined && typeof stop !== 'string' && !Array.isArray(stop))
    throw new TypeError(`stop must be a string or an array of strings, got ${show(stop)}`);
  if (typeof stop === 'object') for (const [place, text] of stop.entries()) checkText(`stop[${place}]`, text);
  if (tools !== undefined && !Array.isArray(tools))
    throw new TypeError(`tools must be an array, got ${show(tools)}`);
  for (const [place, tool] of (tools ?? []).entries())
    checkName(`tools[${place}].name`, (tool as Partial<Tool> | null)?.name);
  checkToolChoice(options.toolChoice);
  checkResponseFormat(options.responseFormat);
}

function checkToolChoice(choice: ToolChoice | undefined): void {
  if (choice === undefined || choice === 'auto' || choice === 'none' || choice === 'required') return;
  if (typeof (choice as { readonly name?: unknown } | null)?.name !== 'string')
    throw new TypeError(`toolChoice must be auto, none, required or { name }, got ${show(choice)}`);
}

function checkResponseFormat(format: ResponseFormat | undefined): void {
  if (format === undefined) return;
  const { type, name } = (format ?? {}) as Partial<Extract<ResponseFormat, { type: 'json-schema' }>>;
  if (type === 'json-schema') checkName('responseFormat.name', name);
  else if (format?.type !== 'json-object')
    throw new TypeError(`responseFormat.type must be json-object or json-schema, got ${show(type)}`);
}

function checkName(where: string, name: unknown): void {
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`${where} must be a non-empty string, got ${show(name)}`);
}

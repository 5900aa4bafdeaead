import { ApiError, errorOf } from './api-error.js';

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Default 10 s; `Infinity` for no limit. */
  readonly timeoutMs?: number;
}

/*
 * An answer is taken for what its caller says that it is. The types in this folder are imported from the packages whose
 * values the server sends, so that a change there shows here. They are imports of types only: no code of those packages
 * may get into the page. Written out is only what a route of the server puts together itself.
 */

const answerTimeoutMs = 10_000;

/** Requests a path below the page's own address. Like the functions below, rejects with an `ApiError` or the signal's reason. */
export function getJson<T>(path: string, options?: RequestOptions): Promise<T> {
  return ask<T>('GET', path, undefined, options);
}

export function postJson<T>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
  return ask<T>('POST', path, body, options);
}

export function putJson<T>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
  return ask<T>('PUT', path, body, options);
}

export function patchJson<T>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
  return ask<T>('PATCH', path, body, options);
}

export function deleteJson<T>(path: string, options?: RequestOptions): Promise<T> {
  return ask<T>('DELETE', path, undefined, options);
}

/** `?since=24h&by=model`, without undefined and empty members; an empty string if none is left. */
export function queryOf(members: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(members).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

async function ask<T>(method: string, path: string, body: unknown, options?: RequestOptions): Promise<T> {
  const { signal, timeoutMs = answerTimeoutMs } = options ?? {};
  const response = await send(method, path, body, 'application/json', timedSignal(signal, timeoutMs), signal);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('failed', `The server answered ${path} with something that is not JSON.`);
  }
}

/**
 * Sends a request and resolves with a successful response. `signal` aborts it. If `ownSignal`, the caller's part of `signal`, was
 * aborted, rejects with its reason rather than an `ApiError`.
 */
export async function send(
  method: string,
  path: string,
  body: unknown,
  accept: string,
  signal: AbortSignal | null,
  ownSignal: AbortSignal | null | undefined = signal,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    if (ownSignal?.aborted) throw error;
    throw new ApiError('unreachable', 'The server does not answer.');
  }
  if (!response.ok) throw await errorOf(response, path);
  return response;
}

function timedSignal(signal: AbortSignal | undefined, timeoutMs: number): AbortSignal | null {
  if (timeoutMs === Infinity) return signal ?? null;
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

import { deleteJson, getJson, postJson } from './client.js';

/** A login with an admin key. */
export interface Session {
  readonly keyId: string;
  readonly keyName: string;
  /** Epoch, ms. */
  readonly expiresAt: number;
}

/** Exchanges an admin key for a cookie that no script can read. The page keeps neither. */
export function logIn(key: string): Promise<Session> {
  return postJson<Session>('api/session', { key });
}

export async function logOut(): Promise<void> {
  await deleteJson('api/session');
}

/** Null if no login is needed, or a proxy sends the key. */
export async function fetchSession(signal: AbortSignal): Promise<Session | null> {
  return (await getJson<{ session: Session | null }>('api/session', { signal })).session;
}

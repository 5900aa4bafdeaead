import { channel } from 'node:diagnostics_channel';
import type { Failure } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';

/** Why a provider gave no answer, in words that name its address. */
export interface ProviderFailure {
  readonly requestId: string;
  readonly reason: string;
}

/** For the log; nothing is built when nobody listens. */
const failed = channel('server:provider:failed');

/**
 * A failure as its caller is told it. Where providers listen is the business of who runs the server, whose log gets it: for a holder
 * of a key it would be a map of a network that the key does not open.
 */
export function toldTo(key: GatewayKey | undefined, failure: Failure, requestId: string): Failure {
  // Below it a caller's own mistake is told, in words that may be the caller's.
  if (failure.status < 500) return failure;
  const message = withoutAddresses(failure.message);
  if (message === failure.message) return failure;
  const event: ProviderFailure = { requestId, reason: failure.message };
  if (failed.hasSubscribers) failed.publish(event);
  if (key === undefined) return failure;
  return { ...failure, message, hint: 'Try again in a moment; who runs the server finds more in its log.' };
}

function withoutAddresses(message: string): string {
  return message
    .replace(/^https?:\/\/\S+/, 'The provider')
    .replace(/ at https?:\/\/\S+/, '')
    .replace(/https?:\/\/\S+?(?=\.?(?:\s|$))/g, 'another address');
}

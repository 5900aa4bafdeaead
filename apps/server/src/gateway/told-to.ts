import { channel } from 'node:diagnostics_channel';
import type { Failure } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';

/** A provider failure whose reason contains the provider's address. */
export interface ProviderFailure {
  readonly requestId: string;
  readonly reason: string;
}

/** For the log. Events are published only if there are subscribers. */
const failed = channel('server:provider:failed');

/**
 * The failure as reported to the caller. Provider addresses go only to the operator, in the log: they would show the holder of a gateway
 * key a network that the key does not give access to.
 */
export function toldTo(key: GatewayKey | undefined, failure: Failure, requestId: string): Failure {
  // A 4xx reports the caller's own mistake, possibly quoting the caller.
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

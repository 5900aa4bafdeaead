import { withoutSecrets } from '@ai-toolkit/ai-client';

/** A key of our own gateway. */
const gatewayKey = /\bait-[\w-]{20,}/g;
/** Letters that every secret which is looked for has one of. */
const suspicious = /[-_]|:\/\/|eyJ|AKIA|ASIA|AIza|[Bb]earer/;

/** The text without what looks like a key or a token. */
export function scrub(text: string): string {
  if (!suspicious.test(text)) return text;
  return withoutSecrets(text.replace(gatewayKey, '[redacted]'));
}

import { withoutSecrets } from '@ai-toolkit/ai-client';

/** A key of our own gateway. */
const gatewayKey = /\bait-[\w-]{20,}/g;
/** Every secret that is looked for contains one of these. */
const suspicious = /[-_]|:\/\/|eyJ|AKIA|ASIA|AIza|[Bb]earer/;

/** The text, with anything that looks like a key or a token redacted. */
export function scrub(text: string): string {
  if (!suspicious.test(text)) return text;
  return withoutSecrets(text.replace(gatewayKey, '[redacted]'));
}

/** The line of JSON, with all its texts redacted, however deep they are. One by one: a pattern must not reach from one into the next. */
export function scrubLine(line: string): string {
  const clean: unknown = JSON.parse(line, (_name, value: unknown) =>
    typeof value === 'string' ? scrub(value) : value,
  );
  return `${JSON.stringify(clean)}\n`;
}

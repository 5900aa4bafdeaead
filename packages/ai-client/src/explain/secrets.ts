import { ExactNumber, type ExactValue } from '../key/canonical.js';
import { asObject } from './path.js';

/** Replaces a secret. */
export const redacted = '[redacted]';

/** Patterns of keys and tokens of known services, each with a distinctive prefix. */
const secretTexts =
  /\b(?:sk|pk|rk)-[\w-]{16,}|\b(?:sk|rk|pk)_(?:live|test)_\w{16,}|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bxox[abeprs]-[\w-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}|\bnpm_\w{30,}|\bhf_\w{20,}|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}|\b[Bb]earer [\w.~+/-]{16,}=*|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g;

/** Credentials inside a URL. */
const urlLogin = /(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,200}@/gi;
const urlSecret =
  /([?&](?:api[-_]?key|access[-_]?token|token|key|sig|signature|password|secret)=)[^\s&#"']+/gi;

const secretName =
  /(?:^|[-_])(?:api-?key|auth|authorization|cookie|credentials?|key|password|secret|signature|token)s?(?:$|[-_])/i;

/** Redacts anything that looks like a key or a token. */
export function withoutSecrets(text: string): string {
  return text
    .replace(secretTexts, redacted)
    .replace(urlLogin, `$1${redacted}@`)
    .replace(urlSecret, `$1${redacted}`);
}

/** Whether a header's value is likely to be a secret. */
export function isSecretHeader(name: string): boolean {
  return secretName.test(name);
}

/** Redacts secrets in all texts of a value, but not in names. */
export function treeWithoutSecrets(value: ExactValue): ExactValue {
  if (typeof value === 'string') return withoutSecrets(value);
  if (value instanceof ExactNumber) return value;
  if (Array.isArray(value)) return value.map((item) => treeWithoutSecrets(item)) as ExactValue;
  const object = asObject(value);
  if (object === undefined) return value;
  // `fromEntries` defines members, so that `__proto__` remains one.
  return Object.fromEntries(
    Object.entries(object).map(([name, item]) => [name, treeWithoutSecrets(item)]),
  ) as ExactValue;
}

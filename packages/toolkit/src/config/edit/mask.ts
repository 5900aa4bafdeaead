/** Shorter than this, the end of a key would tell too much of it. */
const showsEndFrom = 16;

/** What may be shown of a secret: that it is there, and of a long one its end, by which its owner knows it. */
export function maskSecret(secret: string): string {
  if (URL.canParse(secret) && secret.includes('://')) return maskUrl(new URL(secret));
  return secret.length < showsEndFrom ? '********' : `********${secret.slice(-4)}`;
}

function maskUrl(url: URL): string {
  if (url.password !== '') url.password = '********';
  for (const name of [...url.searchParams.keys()]) {
    if (/pass|secret|token|key/i.test(name)) url.searchParams.set(name, '********');
  }
  return url.href;
}

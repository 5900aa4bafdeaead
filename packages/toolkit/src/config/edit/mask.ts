/** The end of a shorter secret would reveal too much of it. */
const showsEndFrom = 16;

/** The displayable form of a secret: that it is set, and the end of a long one, by which its owner recognises it. */
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

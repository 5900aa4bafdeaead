/** Names, in lower case, of files that typically contain credentials. */
const secretNames: readonly RegExp[] = [
  // Except samples meant to be shared.
  /^\.env(?![._-](?:example|sample|template|dist|defaults)$)(?:[._-].*)?$/u,
  /\.env$/u,
  /^\.envrc$/u,
  /\.(?:pem|key|p12|pfx|p8|jks|keystore|kdbx|ppk|ovpn|tfstate|tfvars|mobileprovision)(?:\.backup)?$/u,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/u,
  /^\.(?:npmrc|yarnrc|pypirc|netrc|pgpass|htpasswd|dockercfg|git-credentials|my\.cnf|boto|s3cfg|vault-token)$/u,
  /^_?netrc$/u,
  /^(?:aws_)?credentials(?:\.(?:json|ya?ml|toml|ini|xml|properties|csv))?$/u,
  /^(?:client_?secrets?|service[-_]?account).*\.json$/u,
  /^secrets?\.(?:json|ya?ml|toml|ini|xml|properties|env|txt)$/u,
  /^(?:kubeconfig|auth\.json|master\.key|wp-config\.php)$/u,
];

/** Folders of credentials, in lower case. */
const secretFolders: ReadonlySet<string> = new Set(['.aws', '.azure', '.docker', '.gnupg', '.kube', '.ssh']);

/** Patterns of credentials. A test fixture that matches is left out as well, and reported. */
const secretTexts: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/u,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/u,
  /\bgh[opsru]_[A-Za-z0-9]{36,}\b/u,
  /\bgithub_pat_[A-Za-z0-9_]{60,}\b/u,
  /\bglpat-[A-Za-z0-9_-]{20,}/u,
  /\bsk-(?:proj-|ant-|svcacct-|live-)?[A-Za-z0-9_-]{32,}/u,
  /\b[rs]k_live_[A-Za-z0-9]{20,}\b/u,
  /\bAIza[0-9A-Za-z_-]{35}\b/u,
  /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/u,
  /\bnpm_[A-Za-z0-9]{36}\b/u,
  /\bhf_[A-Za-z0-9]{30,}\b/u,
  /\bgsk_[A-Za-z0-9]{40,}\b/u,
  /\bxai-[A-Za-z0-9]{40,}\b/u,
  /\bGOCSPX-[A-Za-z0-9_-]{28}/u,
];

export function isSecretFile(name: string): boolean {
  const lower = name.toLowerCase();
  return secretNames.some((shape) => shape.test(lower));
}

export function isSecretFolder(name: string): boolean {
  return secretFolders.has(name.toLowerCase());
}

export function holdsSecret(text: string): boolean {
  return secretTexts.some((shape) => shape.test(text));
}

/**
 * Checksum of a text, 106 bits in hex: two sums that multiply each code unit in (after FNV-1a, with other primes) and a
 * final mix (the finalizer of MurmurHash3). It detects damage and distinguishes names; it does not resist an attacker.
 * Unlike `node:crypto` it has nothing to load, and loading that takes longer than listing a thousand projects.
 */
export function textChecksum(text: string): string {
  return [half(text, 0x9e3779b1, 0x85ebca77), half(text, 0xc2b2ae3d, 0x27d4eb2f)].join('');
}

/** 53 bits. */
function half(text: string, seed: number, step: number): string {
  let a = seed ^ text.length;
  let b = step ^ text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, step);
  }
  return ((mixed(a ^ (b >>> 15)) >>> 0) * 2 ** 21 + (mixed(b ^ (a >>> 13)) >>> 11))
    .toString(16)
    .padStart(14, '0');
}

function mixed(sum: number): number {
  const once = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

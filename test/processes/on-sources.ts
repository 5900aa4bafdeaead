/** What tells Node to run a script against the sources of its package, with no build in between. */
export const onSources: readonly [string, string] = [
  '--import',
  new URL('./typescript-loader.mjs', import.meta.url).href,
];

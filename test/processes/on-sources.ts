/** Node options to run a script against the sources of its package, without a build. */
export const onSources: readonly [string, string] = [
  '--import',
  new URL('./typescript-loader.mjs', import.meta.url).href,
];

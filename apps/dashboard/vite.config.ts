import type { UserConfig } from 'vite';

const config: UserConfig = {
  // Relative addresses, so that the page works below any path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // A strict Content-Security-Policy knows no `data:` sources.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
};

export default config;

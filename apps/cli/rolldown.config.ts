import { defineConfig } from 'rolldown';

/** One bundle, a chunk for each command: starting one loads nothing of the others. */
export default defineConfig({
  input: { main: 'src/main.ts' },
  platform: 'node',
  // The oldest Node that the manifest promises.
  transform: { target: 'node22.19' },
  // Its binary lies in its package.
  external: ['lmdb'],
  output: {
    dir: 'dist',
    format: 'esm',
    banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    chunkFileNames: '[name]-[hash].js',
    // White space alone: what a stack trace shows can still be read, and half of what is read at every start is left out.
    minify: { compress: false, mangle: false, codegen: true },
    cleanDir: true,
  },
});

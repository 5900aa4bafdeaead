import { defineConfig } from 'rolldown';

/** The server in a few files: at a start, most of the time went into looking for hundreds of them. */
export default defineConfig({
  input: {
    main: 'dist/modules/main.js',
    index: 'dist/modules/index.js',
    worker: 'dist/modules/workers/worker.js',
  },
  platform: 'node',
  // The oldest Node that the manifest promises.
  transform: { target: 'node22.19' },
  // Their binaries lie in their packages.
  external: ['lmdb', 'usearch'],
  output: { dir: 'dist', format: 'esm', chunkFileNames: '[name]-[hash].js' },
});

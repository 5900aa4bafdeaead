import { defineConfig } from 'rolldown';
import { builtinsByCall } from './scripts/builtins-by-call.ts';
import { inOneByte } from './scripts/in-one-byte.ts';
import { lmdbInOneFile } from './scripts/lmdb-in-one-file.ts';
import { withoutFacades } from './scripts/without-facades.ts';

const common = {
  platform: 'node',
  // The oldest Node that the manifest promises.
  transform: { target: 'node22.19' },
  // Its binary lies in its package.
  external: ['usearch'],
} as const;

/**
 * In chunks by what is used together: a command starts with as few files as it can, and loads nothing of the others. Each file costs
 * as much as some thousand lines of it.
 */
const command = defineConfig({
  ...common,
  input: { main: 'src/main.ts' },
  plugins: [lmdbInOneFile(), builtinsByCall(), withoutFacades(), inOneByte()],
  output: {
    dir: 'dist',
    format: 'esm',
    banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    chunkFileNames: '[name]-[hash].js',
    // White space alone: what a stack trace shows can still be read, and half of what is read at every start is left out.
    minify: { compress: false, mangle: false, codegen: true },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          name: 'program',
          test: /by-call:|rolldown\/runtime|usingCtx|apps\/cli\/src\/(program|exit-code|interrupt|programs\/(manual|parse-options|groups))\.ts|\/commander\//,
        },
        {
          name: 'command',
          test: /apps\/cli\/src\/(run-command|stdin|terminal|output\/.*|commands\/(cache-mode|call-summary))\.ts|packages\/toolkit\/dist\/(index|lazy|errors|create-toolkit|model-choice|planner-costs|version|config\/(load|layer|environment|older-names|older-notice|paths|read-layer|read-value|schema|sections\/.*)|files\/.*|providers\/simulator)\.js/,
        },
        {
          name: 'client',
          test: /packages\/(ai-client|core-cache|rate-limit(?!.*redis)|usage)\/dist\/(?!.*(undici-transport|metrics))|packages\/toolkit\/dist\/providers\/|\/(lru-cache|p-retry|is-network-error)\//,
        },
      ],
    },
    cleanDir: true,
  },
});

/** What `serve` runs: an application of its own, which is built before. */
const server = defineConfig({
  ...common,
  // Workers are processes of their own, and start from a file of their own.
  input: { index: '../server/dist/modules/index.js', worker: '../server/dist/modules/workers/worker.js' },
  plugins: [lmdbInOneFile(), inOneByte()],
  output: { dir: 'dist/server', format: 'esm', chunkFileNames: '[name]-[hash].js', cleanDir: true },
});

export default [command, server];

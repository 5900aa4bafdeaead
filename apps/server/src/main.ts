#!/usr/bin/env node
import { launch } from '@ai-toolkit/toolkit/launch';

await launch(import.meta.url, async () => {
  const { runServer } = await import('./run-server.js');
  process.exitCode = await runServer(process.argv.slice(2), process.env);
});

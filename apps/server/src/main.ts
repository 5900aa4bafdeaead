#!/usr/bin/env node
import { launch } from '@ai-toolkit/toolkit/launch';

await launch(import.meta.url, async () => {
  const { runServer } = await import('./run-server.js');
  const code = await runServer(process.argv.slice(2), process.env);
  // Do not wait for what is still open, such as a connection to a collector that does not answer.
  process.stdout.write('', () => process.exit(code));
});

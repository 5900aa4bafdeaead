#!/usr/bin/env node
import { launch } from '@ai-toolkit/toolkit/launch';

await launch(import.meta.url, async () => {
  const { runServer } = await import('./run-server.js');
  const code = await runServer(process.argv.slice(2), process.env);
  // What is still open then, such as the connection to a collector that does not answer, is waited for by nobody.
  process.stdout.write('', () => process.exit(code));
});

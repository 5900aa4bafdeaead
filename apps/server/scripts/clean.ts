import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Chunks have their hash in their name: those of an older build would stay.
rmSync(fileURLToPath(new URL('../dist', import.meta.url)), { recursive: true, force: true });

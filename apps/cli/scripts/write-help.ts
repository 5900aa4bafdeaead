import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// The help of the whole program is the same each time: it is printed once, by the program, and then read from a file.
const dist = new URL('../dist/', import.meta.url);
const help = execFileSync(process.execPath, [fileURLToPath(new URL('main.js', dist)), '--help']);
writeFileSync(new URL('help.txt', dist), help);

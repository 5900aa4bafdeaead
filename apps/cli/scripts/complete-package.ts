import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = new URL('../dist/', import.meta.url);

// The help of the whole program is the same each time: it is printed once, by the program, and then read from a file.
const help = execFileSync(process.execPath, [fileURLToPath(new URL('main.js', dist)), '--help']);
writeFileSync(new URL('help.txt', dist), help);

// The server looks for its page beside itself.
const page = new URL('../../server/dist/dashboard/', import.meta.url);
cpSync(page, new URL('server/dashboard/', dist), { recursive: true });

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A package of a registry, in a single version. */
export interface PublishedPackage {
  /** Its `package.json`. */
  readonly manifest: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly version: string;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  };
  /** File of its tarball. */
  readonly tarball: string;
}

export interface LocalRegistry extends AsyncDisposable {
  readonly url: string;
  /** Names that were requested but do not exist. */
  readonly missing: readonly string[];
}

/** Starts an npm registry on the loopback with exactly these packages. */
export async function createLocalRegistry(packages: readonly PublishedPackage[]): Promise<LocalRegistry> {
  const missing: string[] = [];
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1)).replace(/\/-\/.*$/, '');
    const found = byName.get(name);
    if (found === undefined) {
      missing.push(name);
      response.writeHead(404).end('{}');
      return;
    }
    void readFile(found.tarball).then((bytes) => {
      if (request.url?.includes('/-/') === true) response.end(bytes);
      else response.end(JSON.stringify(packument(found, bytes)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  function packument({ manifest }: PublishedPackage, bytes: Buffer): object {
    const { name, version, optionalDependencies = {} } = manifest;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const dist = { tarball: `${url}${name}/-/${version}.tgz`, integrity };
    // Not every client tolerates missing optional dependencies.
    const optional = Object.fromEntries(
      Object.entries(optionalDependencies).filter(([one]) => byName.has(one)),
    );
    const offered = { ...manifest, optionalDependencies: optional, dist };
    return { name, 'dist-tags': { latest: version }, versions: { [version]: offered } };
  }

  return {
    url,
    missing,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The only file in a folder with this ending. */
export async function onlyFile(folder: string, end: string): Promise<string> {
  const [file, ...others] = (await readdir(folder)).filter((name) => name.endsWith(end));
  if (file === undefined || others.length > 0) throw new Error(`${folder} has not exactly one ${end}`);
  return join(folder, file);
}

/** The address within the page: `#/requests/ID?status=error` is the view `requests`, the path `['ID']` and a query. */
export interface Route {
  readonly view: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** The view at the bare address. */
export const firstView = 'overview';

/** Any fragment that does not start with `#/` means the first view. */
export function routeOf(hash: string): Route {
  const [address = '', query = ''] = split(hash.startsWith('#/') ? hash.slice(2) : '');
  const [view = '', ...path] = address.split('/').filter(Boolean).map(decoded);
  return { view: view || firstView, path, query: new URLSearchParams(query) };
}

/** The address of a view, for links. */
export function hrefOf(
  view: string,
  path: readonly string[] = [],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const address = [view, ...path].map(encodeURIComponent).join('/');
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  return given.length === 0 ? `#/${address}` : `#/${address}?${new URLSearchParams(given)}`;
}

function split(text: string): [string, string] {
  const mark = text.indexOf('?');
  return mark === -1 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not encoded: a literal percent sign typed by the user.
    return segment;
  }
}

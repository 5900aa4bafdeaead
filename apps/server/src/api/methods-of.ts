import type { FastifyInstance } from 'fastify';

/** The methods that a path supports, sorted; empty if there is no such route. */
export type MethodsOf = (path: string) => readonly string[];

/** The route of the dashboard's static files, which matches any path. */
const files = '/*';

/** Tracks the routes registered after this call. */
export function watchMethods(app: FastifyInstance): MethodsOf {
  const routes: { readonly url: string; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (url !== files) routes.push({ url, methods: [method].flat() });
  });
  return (path) => {
    const methods = routes.filter(({ url }) => fits(url, path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  };
}

/** Whether a path matches a route: `:name` stands for one segment, `*` for the rest. */
function fits(url: string, path: string): boolean {
  const segments = path.split('/');
  const pattern = url.split('/');
  const isOpen = pattern.at(-1) === '*';
  if (isOpen ? segments.length < pattern.length : segments.length !== pattern.length) return false;
  return pattern.every(
    (part, at) => part === segments[at] || part === '*' || (part.startsWith(':') && segments[at] !== ''),
  );
}

import type { FastifyInstance } from 'fastify';

/** The methods that a path takes, in their order; none where there is no such route. */
export type MethodsOf = (path: string) => readonly string[];

/** The files of the dashboard, which are looked for at any path. */
const files = '/*';

/** Learns of the routes that are registered behind it. */
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

/** Whether a path is one of those that a route is for: `:name` stands for one segment, `*` for all that is left. */
function fits(url: string, path: string): boolean {
  const segments = path.split('/');
  const pattern = url.split('/');
  const isOpen = pattern.at(-1) === '*';
  if (isOpen ? segments.length < pattern.length : segments.length !== pattern.length) return false;
  return pattern.every(
    (part, at) => part === segments[at] || part === '*' || (part.startsWith(':') && segments[at] !== ''),
  );
}

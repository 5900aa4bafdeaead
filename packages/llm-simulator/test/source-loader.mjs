import { registerHooks } from 'node:module';

// Lets Node run the sources directly, so that testing the command needs no build: resolves `./x.js` to `./x.ts`.
registerHooks({
  resolve(specifier, context, next) {
    const isSource = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    return next(isSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

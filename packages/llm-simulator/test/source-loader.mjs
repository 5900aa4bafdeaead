import { registerHooks } from 'node:module';

// Lets Node run the sources as they stand, so that testing the command needs no build: `./x.js` is `./x.ts` here.
registerHooks({
  resolve(specifier, context, next) {
    const isSource = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    return next(isSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // The server puts each answer's own nonce in its place.
  html: { cspNonce: '__STYLE_NONCE__' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      // Left alone, what pages share becomes sixty small files: a few large ones load sooner and compress better. A group takes what its
      // modules need along with them: the way in, then what stands around every page, then what pages share.
      output: {
        codeSplitting: {
          groups: [
            { name: 'entrance', test: /src\/(main|shell\/entrance)\.tsx$/, priority: 3 },
            {
              name: 'console',
              test: /src\/(shell\/console|api\/types|ui\/(badges|empty-state|failure|page-header|page-link|subject|subject-link|waiting))\.tsx?$/,
              priority: 2,
            },
            {
              name: 'overlays',
              test: /src\/shell\/(settings-menu|account-menu)\.tsx$|src\/moment\/moment-picker/,
              priority: 1,
            },
            { name: 'libraries', test: /node_modules/, minShareCount: 2 },
            { name: 'shared', test: /src\/(api|ui|moment|shell|i18n\/(i18n|catalogues|languages))/, minShareCount: 2 },
          ],
        },
      },
      // "use client" means nothing here: there is no server that renders.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  // `npx vite apps/console` beside a server on its usual port.
  server: { proxy: { '/api': 'http://127.0.0.1:4680' } },
});

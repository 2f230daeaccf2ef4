import { pathToFileURL } from 'node:url';
import { teamsHighContrastTheme, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { defineConfig } from 'vite';
import { compiled } from './src/i18n/compile.ts';

/** The catalogues' messages come read: the browser gets no reader of ICU texts, and spends no time on them. */
const messages = {
  name: 'messages',
  async transform(_, id) {
    const [path, language] = /^.*\/i18n\/(en|ru)\.ts(?=$|\?)/.exec(id) ?? [];
    if (language === undefined) return undefined;
    const { [language]: texts } = await import(`${pathToFileURL(path).href}?${Date.now()}`);
    const catalogue = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, compiled(text)]));
    // Browsers read JSON in half the time of a literal.
    return `export const ${language} = JSON.parse(${JSON.stringify(JSON.stringify(catalogue))});`;
  },
};

const themeSheet = 'virtual:themes.css';

/** Fluent's themes as rules of the style sheet: the browser gets none of them as an object, and writes no rule of 450 variables before it draws. */
const themes = {
  name: 'themes',
  resolveId: (id) => (id === themeSheet ? `\0${themeSheet}` : undefined),
  load: (id) =>
    id === `\0${themeSheet}`
      ? [
          ruleOf(':root', Object.entries(webLightTheme)),
          ruleOf(":root[data-theme='dark']", differencesOf(webDarkTheme)),
          ruleOf(":root[data-theme='contrast']", differencesOf(teamsHighContrastTheme)),
        ].join('')
      : undefined,
};

function ruleOf(selector, tokens) {
  return `${selector}{${tokens.map(([name, value]) => `--${name}:${value};`).join('')}}`;
}

function differencesOf(theme) {
  return Object.entries(theme).filter(([name, value]) => webLightTheme[name] !== value);
}

/** What every visit draws with is asked for beside the small file that begins it, not after. */
const entrance = {
  name: 'entrance',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) =>
      Object.values(bundle)
        .filter(({ name }) => ['react', 'entrance', 'rolldown-runtime'].includes(name))
        .map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
          injectTo: 'head',
        })),
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [messages, themes, entrance],
  // The server puts each answer's own nonce in its place.
  html: { cspNonce: '__STYLE_NONCE__' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    cssCodeSplit: false,
    modulePreload: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      // Left alone, what pages share becomes sixty small files: a few large ones load sooner and compress better. A group takes what its
      // modules need along with them: the way in, then what stands around every page, then what pages share.
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 5 },
            { name: 'start', test: /src\/main\.ts$/, priority: 4 },
            { name: 'entrance', test: /src\/shell\/draw\.tsx$/, priority: 3 },
            {
              name: 'console',
              test: /src\/(shell\/console|api\/types|ui\/(drawn|empty-state|failure|message|page-header|page-link|signs|subject|waiting))\.tsx?$/,
              priority: 2,
            },
            { name: 'sign-in', test: /src\/shell\/sign-in\.tsx$/, priority: 2 },
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

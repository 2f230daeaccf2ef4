import { createDOMRenderer, RendererProvider, useFocusVisible } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
const renderer = createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {});

/**
 * What Fluent's components need around them: its styles are marked with the page's nonce, and focus is shown to who moves it by keys. Not its
 * own provider, which would write the theme's variables that the style sheet has.
 */
export function Fluent({ children }: { readonly children: ReactNode }) {
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <div ref={useFocusVisible<HTMLDivElement>()}>{children}</div>
    </RendererProvider>
  );
}

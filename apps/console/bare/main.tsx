// A page of Fluent and nothing else: what the console's start is measured against (bench/benches/console-start.ts). No part of the product.
import {
  Button,
  createDOMRenderer,
  Field,
  FluentProvider,
  Input,
  RendererProvider,
  webLightTheme,
} from '@fluentui/react-components';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
const renderer = createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {});
const place = document.getElementById('bare');
if (!place) throw new Error('the page lacks its place');
createRoot(place).render(
  <StrictMode>
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={webLightTheme}>
        <Field label="Field">
          <Input name="bare" />
        </Field>
        <Button appearance="primary">Button</Button>
      </FluentProvider>
    </RendererProvider>
  </StrictMode>,
);

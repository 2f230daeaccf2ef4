import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * Helmet's headers are the same for every answer, so they are asked for once. The console and the docs load nothing from elsewhere and
 * run nothing inline. The server speaks plain HTTP: HSTS and upgrades are for the proxy that adds TLS.
 */
export const securityHeaders: Readonly<Record<string, string>> = collect(
  helmet({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  }),
);

/** The same policy for one page, whose script may add style elements that carry this nonce. */
export function policyWithStyleNonce(nonce: string): string {
  const policy = securityHeaders['content-security-policy'] ?? '';
  return policy.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`);
}

type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

function collect(middleware: Middleware): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  middleware({} as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  return headers;
}

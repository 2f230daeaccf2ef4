import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertNoQuery } from '../http/query.js';

/** The document as text: it never changes while the server runs. */
export class OpenApiText {
  constructor(readonly text: string) {}
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Homeward API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<script defer src="/docs/assets/swagger-ui-bundle.js"></script>
<script defer src="/docs/start.js"></script>
</head>
<body><div id="docs"></div></body>
</html>
`;

// The examples work when pasted; "Try it out" sends them with the token of "Authorize" or the session's cookie.
const script = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
});
`;

/** `/docs`: the API for people, all of it from this server. */
@Controller()
export class DocsController {
  constructor(@Inject(OpenApiText) private readonly document: OpenApiText) {}

  @Get('api/openapi.json')
  openApi(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    assertNoQuery(request);
    reply.header('content-type', 'application/json; charset=utf-8').send(this.document.text);
  }

  @Get('docs')
  docs(@Res() reply: FastifyReply): void {
    reply.header('content-type', 'text/html; charset=utf-8').send(page);
  }

  @Get('docs/start.js')
  start(@Res() reply: FastifyReply): void {
    reply.header('content-type', 'text/javascript; charset=utf-8').send(script);
  }
}

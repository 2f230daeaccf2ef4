interface Request {
  /** Of this server, such as `http://127.0.0.1:4680`. */
  readonly origin: string;
  readonly path: string;
  readonly body: unknown;
}

/** The same for a POSIX shell; the token comes from the environment. */
export function asCurl({ origin, path, body }: Request): string {
  return [
    `curl -sS -X POST ${posix(`${origin}${path}`)}`,
    `  -H "Authorization: Bearer $HOMEWARD_TOKEN"`,
    `  -H 'Content-Type: application/json'`,
    `  --data-binary ${posix(JSON.stringify(body))}`,
  ].join(' \\\n');
}

/** The same for PowerShell 5.1 and 7: bytes, because 5.1 would not send Cyrillic as UTF-8. */
export function asPowerShell({ origin, path, body }: Request): string {
  return [
    `Invoke-RestMethod -Method Post -Uri ${single(`${origin}${path}`)} \``,
    `  -Headers @{ Authorization = "Bearer $env:HOMEWARD_TOKEN" } \``,
    `  -ContentType 'application/json; charset=utf-8' \``,
    `  -Body ([Text.Encoding]::UTF8.GetBytes(${single(JSON.stringify(body))}))`,
  ].join('\n');
}

function posix(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** PowerShell takes the typographic quotes for quotes too. */
function single(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201A\u201B]/g, '$&$&')}'`;
}

import { execFileSync } from 'node:child_process';
import { asCurl, asPowerShell } from './as-script.js';

const request = (reason: string) => ({
  origin: 'http://127.0.0.1:4680',
  path: '/api/commands/seal-pool',
  body: { reason },
});

test.each(["it's", 'a "quote" $HOME `date` \\n', 'Мария\nновая строка', "''; rm -rf /"])(
  'a shell hands on %j as it is',
  (reason) => {
    const script = asCurl(request(reason)).replace(/^curl/, "printf '%s\\n'");
    const said = execFileSync('/bin/sh', ['-c', script], { env: { HOMEWARD_TOKEN: 'secret' } }).toString();
    expect(said).toContain(JSON.stringify({ reason }));
    expect(said).toContain('Authorization: Bearer secret');
  },
);

test('PowerShell doubles every kind of single quote', () => {
  expect(asPowerShell(request("it’s O'Neil"))).toContain(`'{"reason":"it’’s O''Neil"}'`);
});

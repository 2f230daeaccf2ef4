import { createReadStream } from 'node:fs';
import type { Server } from './server.js';
import { caughtUp, until } from './waiting.js';

const pool = 'pool13.contoso.com';
export const deployment = 'chat13.contoso.com';

/** What the file's rows name, and the deployment that its users use. */
export async function prepareEstate(server: Server): Promise<void> {
  await server.send('register-site', { site: 'Redmond' });
  await server.send('register-pool', { pool, generation: 'lync-2013', site: 'Redmond' });
  await server.send('create-policy', { policy: 'tag:traders', enabled: true });
  await server.send('register-deployment', { deployment, generation: 'lync-2013', homedOn: pool });
}

/** Sends the file and waits until every view shows its users. */
export async function importUsers(server: Server, file: string, users: number): Promise<void> {
  const response = await server.fetch('/api/imports/users', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: createReadStream(file),
    duplex: 'half',
  });
  const location = response.headers.get('location');
  if (response.status !== 202 || location === null)
    throw new Error(`the import was answered ${response.status}: ${await response.text()}`);
  await response.body?.cancel();
  const run = await until(async () => {
    const shown = (await (await server.fetch(location)).json()) as { state: string; counts: { done: number } };
    return shown.state === 'running' ? undefined : shown;
  });
  if (run.counts.done !== users) throw new Error(`of ${users} rows ${JSON.stringify(run)} were done`);
  await caughtUp(server);
  const { total } = (await (await server.fetch('/api/users?limit=1')).json()) as { total: number };
  if (total !== users) throw new Error(`the view shows ${total} users instead of ${users}`);
}

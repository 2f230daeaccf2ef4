import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { startServer, type Server } from '../server.js';

const users = 150_000;
const grantedEvery = 10;
/** Each user is enrolled and homed, a tenth are granted a policy. */
const events = users * 2 + users / grantedEvery;
const secondsMax = 300;

export const importOfUsers: Bench = {
  name: 'import',
  what: `a Get-CsUser file of ${users} users through HTTP, each enrolled and homed, every ${grantedEvery}th granted, until every view shows them`,
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homeward-bench-'));
    try {
      const file = join(folder, 'users.csv');
      await writeUsers(file);
      const megabytes = Math.round((await stat(file)).size / 2 ** 20);
      await using server = await startServer(join(folder, 'data'));
      await server.send('register-site', { site: 'Redmond' });
      await server.send('register-pool', { pool: 'pool13.contoso.com', generation: 'lync-2013', site: 'Redmond' });
      await server.send('create-policy', { policy: 'tag:traders', enabled: true });
      const started = performance.now();
      await imported(server, file);
      await shown(server);
      const seconds = (performance.now() - started) / 1000;
      return [
        {
          what: `${megabytes} MiB in ${seconds.toFixed(1)} s`,
          unit: 'events/s',
          limitName: 'the bar',
          figure: events / seconds,
          limit: 15_000,
          ratio: events / seconds / 15_000,
          bar: 1,
          higherIsBetter: true,
        },
        await memory(server),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function imported(server: Server, file: string): Promise<void> {
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
}

/** Waits until no projection lags. */
async function shown(server: Server): Promise<void> {
  await until(async () => {
    const { items } = (await (await server.fetch('/api/projections')).json()) as { items: { lagEvents: number }[] };
    return items.every(({ lagEvents }) => lagEvents === 0) ? true : undefined;
  });
  const { total } = (await (await server.fetch('/api/users?limit=1')).json()) as { total: number };
  if (total !== users) throw new Error(`the view shows ${total} users instead of ${users}`);
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let waited = 0; waited < secondsMax * 10; waited++) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(100);
  }
  throw new Error(`not done after ${secondsMax} s`);
}

/** The most that the server's process has ever held, as Linux tells it. */
async function memory(server: Server) {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  const figure = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  return {
    what: 'memory at its peak',
    unit: 'MiB RSS',
    limitName: 'the bar',
    figure,
    limit: 400,
    ratio: figure / 400,
    bar: 1,
    higherIsBetter: false,
  };
}

const columns =
  'SamAccountName,UserPrincipalName,FirstName,LastName,WindowsEmailAddress,Sid,LineServerURI,OriginatorSid,AudioVideoDisabled,IPPBXSoftPhoneRoutingEnabled,RemoteCallControlTelephonyEnabled,PrivateLine,HostedVoiceMail,DisplayName,HomeServer,TargetServerIfMoving,EnabledForFederation,EnabledForInternetAccess,PublicNetworkEnabled,EnterpriseVoiceEnabled,EnabledForRichPresence,LineURI,SipAddress,Enabled,TenantId,TargetRegistrarPool,VoicePolicy,MobilityPolicy,ConferencingPolicy,PresencePolicy,RegistrarPool,DialPlan,LocationPolicy,ClientPolicy,ClientVersionPolicy,ArchivingPolicy,PinPolicy,ExternalAccessPolicy,HostedVoicemailPolicy,PersistentChatPolicy,HostingProvider,Name,DistinguishedName,Identity,Guid,ObjectCategory,WhenChanged,WhenCreated,OriginatingServer,IsValid,ObjectState'.split(
    ',',
  );

/** As Windows PowerShell 5.1 writes it with `-Encoding UTF8`. */
async function writeUsers(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write(`\ufeff#TYPE Microsoft.Rtc.Management.ADConnect.Schema.ADUser\r\n${line(columns)}`);
  for (let n = 0; n < users; n++) {
    const row = userRow(n);
    if (!file.write(line(columns.map((column) => row[column] ?? '')))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

const line = (cells: readonly string[]): string => `${cells.map((cell) => `"${cell}"`).join(',')}\r\n`;

function userRow(n: number): Readonly<Record<string, string>> {
  const account = `${n % 2 ? 'anna' : 'olga'}.${n.toString(36)}`;
  const displayName = n % 2 ? `Anna Ames ${n}` : `Ольга Смирнова ${n}`;
  const distinguishedName = `CN=${displayName},OU=Redmond,OU=Users,DC=contoso,DC=com`;
  return {
    SamAccountName: account,
    UserPrincipalName: `${account}@contoso.com`,
    FirstName: 'Anna',
    LastName: 'Ames',
    WindowsEmailAddress: `${account}@contoso.com`,
    Sid: `S-1-5-21-2743337676-3155459494-3415562376-${n}`,
    AudioVideoDisabled: 'False',
    DisplayName: displayName,
    HomeServer:
      'CN=Lc Services,CN=Microsoft,CN=1:1,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com',
    EnabledForFederation: 'True',
    EnabledForInternetAccess: 'True',
    SipAddress: `sip:${account}@contoso.com`,
    Enabled: 'True',
    TenantId: '00000000-0000-0000-0000-000000000000',
    RegistrarPool: 'pool13.contoso.com',
    PersistentChatPolicy: n % grantedEvery ? '' : 'traders',
    HostingProvider: 'SRV:',
    Name: displayName,
    DistinguishedName: distinguishedName,
    Identity: distinguishedName,
    Guid: `6f9619ff-8b86-d011-b42d-${n.toString(16).padStart(12, '0')}`,
    ObjectCategory: 'CN=Person,CN=Schema,CN=Configuration,DC=contoso,DC=com',
    WhenChanged: '11/23/2013 6:22:03 PM',
    WhenCreated: '3/1/2010 2:15:00 PM',
    OriginatingServer: 'dc01.contoso.com',
    IsValid: 'True',
    ObjectState: 'Unchanged',
  };
}

// The coexistence story on the sample estate, step by step: what an operations team does from the first day of three
// generations side by side until the oldest one is gone. Each refusal on the way is there to be read.

const site = { spb: 'Saint Petersburg' };
const ticket = (number) => `CHG-${number}`;

const move = { migration: 'petersburg', lookup: 'sip:ocschat-spb@contoso.com' };
const { migration } = move;

/**
 * A step is a heading, a command (`send`, its fields beside it; `as` somebody else than who started), an import of users (`file`),
 * a deployment's content (`content`, `deployment`), everybody of one pool (`moveFrom`, `to`), what is found of a subject (`findingsOf`)
 * or what a migration has carried over (`carriedOver`).
 */
export const story = [
  { heading: 'Three generations side by side' },
  { send: 'RegisterSite', site: 'Redmond' },
  { send: 'RegisterSite', site: site.spb },
  { send: 'RegisterSite', site: 'London' },
  { send: 'RegisterPool', pool: 'ocs01.contoso.com', generation: 'ocs-2007-r2', site: site.spb },
  { send: 'RegisterPool', pool: 'lync10.contoso.com', generation: 'lync-2010', site: 'Redmond' },
  { send: 'RegisterPool', pool: 'pool13.contoso.com', generation: 'lync-2013', site: 'Redmond' },
  { send: 'RegisterPool', pool: 'pool13-spb.contoso.com', generation: 'lync-2013', site: site.spb },
  {
    send: 'RegisterDeployment',
    deployment: 'gchat07.contoso.com',
    generation: 'ocs-2007-r2',
    homedOn: 'ocs01.contoso.com',
  },
  {
    send: 'RegisterDeployment',
    deployment: 'chat10.contoso.com',
    generation: 'lync-2010',
    homedOn: 'pool13.contoso.com',
  },
  {
    send: 'RegisterDeployment',
    deployment: 'chat10.contoso.com',
    generation: 'lync-2010',
    homedOn: 'lync10.contoso.com',
  },
  {
    send: 'RegisterDeployment',
    deployment: 'chat13.contoso.com',
    generation: 'lync-2013',
    homedOn: 'pool13.contoso.com',
  },
  { send: 'CreatePolicy', policy: 'tag:traders', enabled: true, reason: 'the trading floor goes first' },
  { send: 'CreatePolicy', policy: 'tag:no-chat', enabled: false },

  { heading: 'Everybody, as Get-CsUser exports them' },
  { file: 'users-ocs-2007-r2.csv' },
  { file: 'users-lync-2010.csv' },
  { file: 'users-lync-2013.csv' },
  { file: 'users-with-mistakes.csv' },

  { heading: 'What the deployments hold' },
  { content: 'content-chat10.csv', deployment: 'chat10.contoso.com' },
  { content: 'content-gchat07.csv', deployment: 'gchat07.contoso.com' },
  { send: 'AddCategory', deployment: 'chat13.contoso.com', category: 'Company' },
  { send: 'AddRoom', deployment: 'chat13.contoso.com', category: 'Company', room: 'Новости' },
  { send: 'AddRoom', deployment: 'chat13.contoso.com', category: 'Company', room: 'Объявления' },
  { send: 'AddRoom', deployment: 'chat13.contoso.com', category: 'Trading', room: 'FX desk 2013' },

  { heading: 'Mary moves to Lync Server 2013' },
  { send: 'ConnectClient', user: 'mary.hall@contoso.com', client: 'lync-2013', deployment: 'chat13.contoso.com' },
  { send: 'HomeUser', user: 'mary.hall@contoso.com', pool: 'pool13.contoso.com', ticket: ticket(1201) },
  { send: 'ConnectClient', user: 'mary.hall@contoso.com', client: 'lync-2013', deployment: 'chat13.contoso.com' },
  { send: 'CreatePolicy', policy: 'site:Redmond', enabled: true, ticket: ticket(1201) },
  { send: 'ConnectClient', user: 'mary.hall@contoso.com', client: 'lync-2013', deployment: 'chat13.contoso.com' },

  { heading: 'Paul keeps his Group Chat client for a while' },
  {
    send: 'ConnectClient',
    user: 'paul.perry@contoso.com',
    client: 'group-chat-2010',
    deployment: 'chat13.contoso.com',
  },
  { send: 'AddLegacyEndpoint', deployment: 'chat13.contoso.com', uri: 'sip:ocschat@contoso.com' },
  {
    send: 'ConnectClient',
    user: 'paul.perry@contoso.com',
    client: 'group-chat-2010',
    deployment: 'chat13.contoso.com',
  },
  {
    send: 'ConnectClient',
    user: 'hannah.parker@contoso.com',
    client: 'group-chat-2007-r2',
    deployment: 'gchat07.contoso.com',
  },

  { heading: 'The chat rooms of Saint Petersburg move to Persistent Chat' },
  {
    send: 'PlanMigration',
    migration,
    source: 'gchat07.contoso.com',
    target: 'chat13.contoso.com',
    lookupUri: move.lookup,
    ticket: ticket(1230),
  },
  { findingsOf: `migration:${migration}` },
  {
    send: 'ResolveFinding',
    subject: `migration:${migration}`,
    finding: 'prepare.root-managers',
    resolution: 'nobody manages the root category',
  },
  { send: 'StopServices', migration, side: 'source' },
  { send: 'RecordBackup', migration, side: 'source', reference: 'tape 4711' },
  { send: 'StopServices', migration, side: 'source', ticket: ticket(1230) },
  { send: 'RecordExport', migration, file: 'D:\\petersburg.zip', categories: 4, rooms: 5, addIns: 1 },
  { send: 'ApproveInspection', migration },
  { send: 'ApproveInspection', migration, as: 'Anna' },
  { send: 'StopServices', migration, side: 'target', ticket: ticket(1230) },
  { send: 'RecordBackup', migration, side: 'target', reference: 'tape 4712' },
  { send: 'RecordDryRun', migration, errors: 0, warnings: 1, report: 'D:\\petersburg-dry-run.html' },
  { send: 'RecordImport', migration, categories: 4, rooms: 5, addIns: 1 },
  {
    send: 'RecordDryRun',
    migration,
    errors: 0,
    warnings: 0,
    reason: 'the invitations of Проекты are reset, as the report asked for',
  },
  { send: 'RecordImport', migration, categories: 4, rooms: 5, addIns: 1, ticket: ticket(1230) },
  { carriedOver: migration },
  { send: 'RecordFilesCopied', migration, files: 212, bytes: 48_314_882 },
  { send: 'AddLegacyEndpoint', deployment: 'chat13.contoso.com', uri: move.lookup },
  { send: 'DeleteLookupAccount', migration, uri: move.lookup },
  { send: 'AddLegacyEndpoint', deployment: 'chat13.contoso.com', uri: move.lookup },
  { send: 'StartServices', migration, side: 'target' },
  { send: 'RecordVerification', migration, method: 'chat-upgrade-verifier', conflicts: 0 },
  { send: 'CompleteMigration', migration, ticket: ticket(1230) },

  { heading: 'Office Communications Server 2007 R2 goes' },
  { send: 'SealDeployment', deployment: 'gchat07.contoso.com', ticket: ticket(1240) },
  { send: 'SealPool', pool: 'ocs01.contoso.com', ticket: ticket(1240) },
  { send: 'HomeUser', user: 'mary.hall@contoso.com', pool: 'ocs01.contoso.com' },
  { send: 'DecommissionDeployment', deployment: 'gchat07.contoso.com', ticket: ticket(1240) },
  { send: 'DecommissionPool', pool: 'ocs01.contoso.com', ticket: ticket(1240) },
  { moveFrom: 'ocs01.contoso.com', to: 'pool13-spb.contoso.com', ticket: ticket(1240) },
  { send: 'CreatePolicy', policy: `site:${site.spb}`, enabled: true, ticket: ticket(1240) },
  { send: 'DisconnectClient', user: 'hannah.parker@contoso.com', client: 'group-chat-2007-r2' },
  ...attest('deployment:gchat07.contoso.com', {
    'group-chat-uninstalled': 'uninstalled from gc-01 and gc-02, 14 November',
    'trusted-application-removed': 'Get-CsTrustedApplicationPool lists it no more',
    'backup-kept': 'tape 4711, kept until 2020',
  }),
  { send: 'DecommissionDeployment', deployment: 'gchat07.contoso.com', ticket: ticket(1240) },
  ...attest('pool:ocs01.contoso.com', {
    'contact-objects-moved': 'Get-CsExUmContact finds none on ocs01',
    'conference-directories-moved': 'directory 7 is on pool13-spb',
    'central-management-moved': 'the CMS never stood here',
    'dns-records-updated': '_sipinternaltls leads to pool13-spb',
  }),
  {
    send: 'WaiveGate',
    subject: 'pool:ocs01.contoso.com',
    gate: 'call-admission-rehosted',
    reason: 'Office Communications Server 2007 R2 has no call admission control',
  },
  { send: 'DecommissionPool', pool: 'ocs01.contoso.com', ticket: ticket(1240) },
];

function attest(subject, gates) {
  return Object.entries(gates).map(([gate, evidence]) => ({ send: 'AttestGate', subject, gate, evidence }));
}

// Makes `samples/`: a fictitious company on three generations. Deterministic: run it again and nothing changes.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../samples/', import.meta.url));
mkdirSync(folder, { recursive: true });

/** mulberry32 */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomNumbers(20131123);
const pick = (list) => list[Math.floor(random() * list.length)];

const latinNames = {
  first:
    'Alan,Amy,Anna,Ben,Brian,Carol,Chloe,Chris,Claire,Daniel,David,Diane,Eric,Erin,Frank,Grace,Greg,Hannah,Helen,Ian,Jack,James,Jane,Jeff,Judy,Karen,Kate,Kevin,Laura,Linda,Mark,Mary,Matt,Megan,Michael,Nancy,Neil,Nick,Nora,Oliver,Patrick,Paul,Peter,Rachel,Robert,Ruth,Sam,Sarah,Scott,Sean,Simon,Susan,Tim,Tom,Wendy,Zoe',
  last: "Abbott,Allen,Baker,Barnes,Bell,Bishop,Brooks,Burke,Carter,Chapman,Clark,Cole,Cooper,Davis,Dixon,Ellis,Evans,Fisher,Foster,Garcia,Gibson,Grant,Gray,Green,Hall,Harris,Hayes,Hill,Howard,Hughes,Hunt,Jensen,Keller,Kelly,King,Knight,Larsen,Lewis,Long,Marsh,Mason,Mills,Morgan,Murphy,Nash,O'Brien,Olsen,Owen,Palmer,Parker,Perry,Price,Quinn,Reed,Ross,Schmidt,Shaw,Stone,Turner,Walker,Ward,Watson,Webb,West,Wood,Young",
};
const cyrillicNames = {
  men: 'Александр,Алексей,Андрей,Антон,Артём,Борис,Василий,Виктор,Владимир,Григорий,Денис,Дмитрий,Евгений,Иван,Игорь,Кирилл,Константин,Максим,Михаил,Николай,Олег,Павел,Пётр,Роман,Сергей,Фёдор,Юрий',
  women:
    'Алла,Анастасия,Анна,Валентина,Вера,Виктория,Галина,Дарья,Екатерина,Елена,Ирина,Ксения,Лариса,Людмила,Марина,Мария,Надежда,Наталья,Оксана,Ольга,Полина,Светлана,София,Татьяна,Юлия',
  last: 'Беляев,Васильев,Виноградов,Воробьёв,Голубев,Громов,Егоров,Жуков,Зайцев,Захаров,Иванов,Ильин,Калинин,Киселёв,Козлов,Крылов,Кузнецов,Лебедев,Макаров,Медведев,Морозов,Некрасов,Николаев,Новиков,Орлов,Павлов,Петров,Поляков,Романов,Семёнов,Сергеев,Смирнов,Соколов,Соловьёв,Степанов,Титов,Фёдоров,Филиппов,Шевцов,Щербаков,Юдин,Яковлев',
};
for (const names of [latinNames, cyrillicNames])
  for (const key of Object.keys(names)) names[key] = names[key].split(',');

const latinLetters = Object.fromEntries(
  'а:a б:b в:v г:g д:d е:e ё:yo ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya'
    .split(' ')
    .map((pair) => pair.split(':')),
);
const transliterated = (name) =>
  [...name.toLowerCase()]
    .map((letter) => latinLetters[letter] ?? letter)
    .join('')
    .replaceAll(/[^a-z]/g, '');

const taken = new Set();
function person(names, domain) {
  for (;;) {
    const woman = names === cyrillicNames && random() < 0.5;
    const first = names === latinNames ? pick(names.first) : pick(woman ? names.women : names.men);
    const last = pick(names.last) + (woman ? 'а' : '');
    const account = `${transliterated(first)}.${transliterated(last)}`;
    if (taken.has(account)) continue;
    return named(first, last, account, domain, names === latinNames ? `${first} ${last}` : `${last} ${first}`);
  }
}

function named(first, last, account, domain, displayName) {
  taken.add(account);
  return { first, last, account, domain, displayName };
}

const pools = {
  'pool13.contoso.com': { site: 'Redmond', ou: 'Redmond' },
  'pool13-spb.contoso.com': { site: 'Saint Petersburg', ou: 'Saint Petersburg' },
  'lync10.contoso.com': { site: 'Redmond', ou: 'London' },
  'ocs01.contoso.com': { site: 'Saint Petersburg', ou: 'Saint Petersburg' },
};

// domain.md §2.1: the columns of a real export, and PersistentChatPolicy, which Lync Server 2013 adds.
const userColumns =
  'SamAccountName,UserPrincipalName,FirstName,LastName,WindowsEmailAddress,Sid,LineServerURI,OriginatorSid,AudioVideoDisabled,IPPBXSoftPhoneRoutingEnabled,RemoteCallControlTelephonyEnabled,PrivateLine,HostedVoiceMail,DisplayName,HomeServer,TargetServerIfMoving,EnabledForFederation,EnabledForInternetAccess,PublicNetworkEnabled,EnterpriseVoiceEnabled,EnabledForRichPresence,LineURI,SipAddress,Enabled,TenantId,TargetRegistrarPool,VoicePolicy,MobilityPolicy,ConferencingPolicy,PresencePolicy,RegistrarPool,DialPlan,LocationPolicy,ClientPolicy,ClientVersionPolicy,ArchivingPolicy,PinPolicy,ExternalAccessPolicy,HostedVoicemailPolicy,PersistentChatPolicy,HostingProvider,Name,DistinguishedName,Identity,Guid,ObjectCategory,WhenChanged,WhenCreated,OriginatingServer,IsValid,ObjectState'.split(
    ',',
  );
/** What Lync Server 2010's cmdlet does not know. */
const columnsOf2010 = userColumns.filter((name) => name !== 'PersistentChatPolicy' && name !== 'MobilityPolicy');

function userRow({ first, last, account, domain, displayName }, pool, number, policy = '') {
  const { ou } = pools[pool];
  const isOcs = pool.startsWith('ocs');
  const distinguishedName = `CN=${displayName},OU=${ou},OU=Users,DC=${domain.replaceAll('.', ',DC=')}`;
  const hash = createHash('sha256').update(account).digest('hex');
  const guid = hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
  const container = isOcs ? (number % 2 ? pool : pool.split('.')[0]) : '1:1';
  return {
    SamAccountName: account.slice(0, 20),
    UserPrincipalName: `${account}@${domain}`,
    FirstName: first,
    LastName: last,
    WindowsEmailAddress: `${account}@${domain}`,
    Sid: `S-1-5-21-2743337676-3155459494-3415562376-${2000 + number}`,
    AudioVideoDisabled: 'False',
    IPPBXSoftPhoneRoutingEnabled: 'False',
    RemoteCallControlTelephonyEnabled: 'False',
    DisplayName: displayName,
    HomeServer: `CN=Lc Services,CN=Microsoft,CN=${container},CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com`,
    EnabledForFederation: 'True',
    EnabledForInternetAccess: 'True',
    PublicNetworkEnabled: 'False',
    EnterpriseVoiceEnabled: number % 4 ? 'False' : 'True',
    EnabledForRichPresence: 'True',
    LineURI: number % 4 ? '' : `tel:+1425555${String(1000 + (number % 9000))};ext=${1000 + (number % 9000)}`,
    SipAddress: `sip:${account}@${domain}`,
    Enabled: number % 40 ? 'True' : 'False',
    TenantId: '00000000-0000-0000-0000-000000000000',
    RegistrarPool: isOcs ? '<Office Communications Server>' : pool,
    PersistentChatPolicy: policy,
    HostingProvider: 'SRV:',
    Name: displayName,
    DistinguishedName: distinguishedName,
    Identity: distinguishedName,
    Guid: guid,
    ObjectCategory: 'CN=Person,CN=Schema,CN=Configuration,DC=contoso,DC=com',
    WhenChanged: `11/${1 + (number % 22)}/2013 9:${String(10 + (number % 50))}:00 AM`,
    WhenCreated: `3/${1 + (number % 28)}/2010 2:15:00 PM`,
    OriginatingServer: 'dc01.contoso.com',
    IsValid: 'True',
    ObjectState: 'Unchanged',
  };
}

const windowsPowerShell = { newline: '\r\n', type: '#TYPE Microsoft.Rtc.Management.ADConnect.Schema.ADUser' };
const powerShell7 = { newline: '\n', type: undefined };

/** As `Export-Csv` writes it: everything quoted. */
function csv(columns, rows, { newline, type }, delimiter = ',') {
  const line = (cells) => cells.map((cell) => `"${String(cell ?? '').replaceAll('"', '""')}"`).join(delimiter);
  const lines = [line(columns), ...rows.map((row) => line(columns.map((column) => row[column])))];
  return [...(type ? [type] : []), ...lines, ''].join(newline);
}

function write(name, text, encoding = 'utf8') {
  writeFileSync(join(folder, name), Buffer.from(text, encoding));
}

let number = 0;
const people = (count, names, domains, pool, policy = () => '') =>
  Array.from({ length: count }, () => userRow(person(names, pick(domains)), pool, ++number, policy(number)));
const contoso = ['contoso.com'];
const both = ['contoso.com', 'contoso.com', 'fabrikam.com'];
const traders = (n) => (n % 6 === 0 ? 'traders' : n % 17 === 0 ? 'no-chat' : '');

const alice = named('Alice', 'Ames', 'alice', 'contoso.com', 'Alice Ames');
const boris = named('Борис', 'Белов', 'boris', 'contoso.com', 'Белов Борис');
const users2013 = [
  userRow(alice, 'pool13.contoso.com', ++number, 'traders'),
  ...people(95, latinNames, both, 'pool13.contoso.com', traders),
  userRow(boris, 'pool13-spb.contoso.com', ++number, 'traders'),
  ...people(63, cyrillicNames, contoso, 'pool13-spb.contoso.com', traders),
];
const users2010 = [
  ...people(90, latinNames, both, 'lync10.contoso.com'),
  ...people(40, cyrillicNames, contoso, 'lync10.contoso.com'),
];
const usersOcs = [
  ...people(80, cyrillicNames, contoso, 'ocs01.contoso.com'),
  ...people(30, latinNames, contoso, 'ocs01.contoso.com'),
];
// A quoted field with a line break and doubled quotes, as they do occur.
users2010[7].LineServerURI = 'was "ext. 42"\r\nuntil 2012';

write('users-lync-2013.csv', csv(userColumns, users2013, powerShell7));
write('users-lync-2010.csv', `\ufeff${csv(columnsOf2010, users2010, windowsPowerShell)}`, 'utf16le');
write('users-ocs-2007-r2.csv', `\ufeff${csv(columnsOf2010, usersOcs, windowsPowerShell, ';')}`);

const mistaken = (mistake, policy) => ({
  ...people(1, latinNames, contoso, 'pool13.contoso.com', () => policy ?? '')[0],
  ...mistake,
});
write(
  'users-with-mistakes.csv',
  `\ufeff${csv(
    userColumns,
    [
      mistaken({}),
      mistaken({ RegistrarPool: 'pool12.contoso.com' }),
      mistaken({ SipAddress: 'sip:nobody at contoso.com' }),
      mistaken({}, 'astronauts'),
      mistaken({ RegistrarPool: '487279971', HomeServer: mistaken({}).HomeServer.replace('1:1', 'ocs02') }),
      mistaken({ RegistrarPool: 'pool12.contoso.com' }, 'astronauts'),
      mistaken({ SipAddress: '' }),
      mistaken({ Guid: 'none' }),
    ],
    windowsPowerShell,
  )}`,
);

const templateColumns =
  'CategoryPath,Room,Type,Privacy,AddIn,AddInUrl,Invitations,FileUpload,ChatHistory,Disabled'.split(',');

function legacyContent(file, { addIns, categories, rooms }) {
  const flag = (value) => (value === undefined ? '' : value ? 'True' : 'False');
  const rows = [
    ...addIns.map(([AddIn, AddInUrl]) => ({ AddIn, AddInUrl })),
    ...categories.map(([CategoryPath, { invitations = true, fileUpload = true, chatHistory = true } = {}]) => ({
      CategoryPath,
      Invitations: flag(invitations),
      FileUpload: flag(fileUpload),
      ChatHistory: flag(chatHistory),
    })),
    ...rooms.map(([CategoryPath, Room, { type = 'Normal', privacy = 'Closed', addIn, disabled = false } = {}]) => ({
      CategoryPath,
      Room,
      Type: type,
      Privacy: privacy,
      AddIn: addIn,
      Disabled: flag(disabled),
    })),
  ];
  write(file, `\ufeff${csv(templateColumns, rows, { newline: '\r\n' })}`);
}

const desks = ['FX desk', 'Rates desk', 'Metals desk', 'Energy desk', 'Equities desk', 'Credit desk'];
legacyContent('content-chat10.csv', {
  addIns: [
    ['Ticker', 'https://apps.contoso.com/ticker'],
    ['Duty roster', 'https://apps.contoso.com/duty'],
  ],
  categories: [
    ['Trading'],
    ['Trading\\London', { invitations: false }],
    ['Trading\\Redmond'],
    ['IT', { fileUpload: false }],
    ['IT\\Operations'],
    ['Town hall', { chatHistory: false }],
  ],
  rooms: [
    ...desks.slice(0, 3).map((desk) => ['Trading\\London', desk, { addIn: 'Ticker' }]),
    ...desks.slice(3).map((desk) => ['Trading\\Redmond', desk, { addIn: 'Ticker' }]),
    ['Trading', 'Morning call', { type: 'Auditorium', privacy: 'Open' }],
    ['IT\\Operations', 'Change window', { addIn: 'Duty roster' }],
    ['IT\\Operations', 'Incidents', { privacy: 'Secret', addIn: 'Duty roster' }],
    ['IT', 'Helpdesk', { privacy: 'Open' }],
    ['IT', 'Windows 2000 migration', { disabled: true }],
    ['Town hall', 'All hands', { type: 'Auditorium', privacy: 'Open' }],
  ],
});
legacyContent('content-gchat07.csv', {
  addIns: [['Справочник', 'http://apps.spb.contoso.com/spravka']],
  categories: [
    ['Санкт-Петербург'],
    ['Санкт-Петербург\\Продажи'],
    ['Санкт-Петербург\\Склад'],
    ['Проекты', { invitations: false }],
  ],
  rooms: [
    ['Санкт-Петербург', 'Объявления', { type: 'Auditorium', privacy: 'Open' }],
    ['Санкт-Петербург\\Продажи', 'Заявки', { addIn: 'Справочник' }],
    ['Санкт-Петербург\\Продажи', 'Ключевые клиенты', { privacy: 'Secret' }],
    ['Санкт-Петербург\\Склад', 'Отгрузка'],
    ['Санкт-Петербург\\Склад', 'Инвентаризация 2009', { disabled: true }],
    ['Проекты', 'Переезд на Lync'],
  ],
});

const chat13 = 'chat13.contoso.com';
const categories13 = [
  ['Announcements', true, false, true],
  ['Projects', true, true, true],
].map(([Name, Invitations, FileUpload, ChatHistory]) => ({
  Identity: `${chat13}\\${Name}`,
  Name,
  Description: '',
  Invitations: Invitations ? 'True' : 'False',
  FileUpload: FileUpload ? 'True' : 'False',
  ChatHistory: ChatHistory ? 'True' : 'False',
  AllowedMembers: 'contoso.com',
  DeniedMembers: '',
  Creators: 'alice@contoso.com',
}));
const rooms13 = [
  ['Announcements', 'News', 'Auditorium', 'Open', ''],
  ['Projects', 'Lync 2013 pilot', 'Normal', 'Closed', 'Wiki'],
  ['Projects', 'Переезд', 'Normal', 'Closed', ''],
].map(([category, Name, Type, Privacy, addIn]) => ({
  Identity: `${chat13}\\${Name}`,
  Name,
  Description: '',
  Category: `${chat13}\\${category}`,
  Type,
  Privacy,
  Invitations: 'Inherit',
  Addin: addIn && `${chat13}\\${addIn}`,
  Disabled: 'False',
  Members: 'alice@contoso.com, boris@contoso.com',
  Managers: 'alice@contoso.com',
  Presenters: Type === 'Auditorium' ? 'alice@contoso.com' : '',
}));
const addIns13 = [{ Identity: `${chat13}\\Wiki`, Name: 'Wiki', URL: 'https://wiki.contoso.com/lync' }];
const asTold = (rows) => csv(Object.keys(rows[0]), rows, powerShell7);
write('persistent-chat-categories.csv', asTold(categories13));
write('persistent-chat-rooms.csv', asTold(rooms13));
write('persistent-chat-addins.csv', asTold(addIns13));

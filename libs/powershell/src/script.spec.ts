import { cmdlet, present } from './cmdlet.js';
import { phases, stepOf } from './cmdlets-of-event.js';
import { call, remark, scriptHead } from './script.js';

const generations = {
  'ocs01.contoso.com': 'ocs-2007-r2',
  'lync10.contoso.com': 'lync-2010',
  'pool13.contoso.com': 'lync-2013',
  'chat13.contoso.com': 'lync-2013',
  'gchat10.contoso.com': 'lync-2010',
} as const;
const generationOf = (fqdn: string) => generations[fqdn as keyof typeof generations];
const lineOf = (type: string, data: object): string => {
  const step = stepOf({ type, data }, generationOf);
  return step === undefined ? 'none' : 'byHand' in step ? step.byHand : call(step.cmdlet);
};

const ask = '-WhatIf:$WhatIf -Confirm:$false';
const user = 'sip:alice@contoso.com';
const to = 'pool13.contoso.com';
const deployment = 'chat13.contoso.com';

describe('what an event asks of the servers', () => {
  test.each([
    [
      'UserHomed',
      { user, from: 'ocs01.contoso.com', to },
      `Move-CsLegacyUser -Identity '${user}' -Target '${to}' ${ask}`,
    ],
    ['UserHomed', { user, from: 'lync10.contoso.com', to }, `Move-CsUser -Identity '${user}' -Target '${to}' ${ask}`],
    ['UserHomed', { user, from: null, to }, `Move-CsUser -Identity '${user}' -Target '${to}' ${ask}`],
    [
      'UserHomed',
      { user: "sip:o'brien@contoso.com", from: 'lync10.contoso.com', to },
      `Move-CsUser -Identity 'sip:o''brien@contoso.com' -Target '${to}' ${ask}`,
    ],
    [
      'UserHomed',
      { user: 'sip:*@contoso.com', from: null, to },
      'sip:*@contoso.com holds a *, which cmdlets take for any characters: find the user by another identity',
    ],
    ['UserRetired', { user }, `Disable-CsUser -Identity '${user}' ${ask}`],
    [
      'PolicyGranted',
      { user, policy: 'tag:Traders’ own' },
      `Grant-CsPersistentChatPolicy -Identity '${user}' -PolicyName 'Traders’’ own' ${ask}`,
    ],
    [
      'PolicyRevoked',
      { user, policy: 'tag:x', because: 'asked' },
      `Grant-CsPersistentChatPolicy -Identity '${user}' -PolicyName $null ${ask}`,
    ],
    ['PolicyRevoked', { user, policy: 'tag:x', because: 'user-retired' }, 'none'],
    [
      'PolicyCreated',
      { policy: 'site:Redmond', enabled: true },
      `New-CsPersistentChatPolicy -Identity 'site:Redmond' -EnablePersistentChat $true ${ask}`,
    ],
    [
      'PolicyDisabled',
      { policy: 'global' },
      `Set-CsPersistentChatPolicy -Identity 'global' -EnablePersistentChat $false ${ask}`,
    ],
    ['PolicyRemoved', { policy: 'tag:x' }, `Remove-CsPersistentChatPolicy -Identity 'tag:x' ${ask}`],
    [
      'LegacyEndpointAdded',
      { deployment, uri: 'sip:ocschat@contoso.com' },
      `New-CsPersistentChatEndpoint -SipAddress 'sip:ocschat@contoso.com' -PersistentChatPoolFqdn '${deployment}' ${ask}`,
    ],
    [
      'CategoryAdded',
      { deployment, category: 'IT', parent: null, invitations: true, fileUpload: false, chatHistory: false },
      `Invoke-IfApplied { New-CsPersistentChatCategory -Name 'IT' -PersistentChatPoolFqdn '${deployment}' -EnableInvitations -RemoveChatHistory }`,
    ],
    [
      'RoomAdded',
      { deployment, room: '} ; rm', category: 'IT', type: 'auditorium', privacy: 'secret', addIn: null },
      `Invoke-IfApplied { New-CsPersistentChatRoom -Name '} ; rm' -PersistentChatPoolFqdn '${deployment}' -Category '${deployment}\\IT' -Type 'Auditorium' -Privacy 'Secret' }`,
    ],
    [
      'RoomExcluded',
      { deployment: 'gchat10.contoso.com', room: 'Old', reason: 'unused' },
      'disable the room Old with the Group Chat Admin Tool of gchat10.contoso.com; it has no cmdlets',
    ],
    ['SiteRegistered', { site: 'Redmond' }, 'none'],
    ['toString', {}, 'none'],
  ])('%s %j', (type, data, line) => {
    expect(lineOf(type, data)).toBe(line);
  });

  test('policies come before moves, moves before grants, rooms before their categories go', () => {
    const order: readonly string[] = phases.map(({ phase }) => phase);
    const sorted = [
      'policies',
      'moves',
      'grants',
      'add-ins',
      'categories',
      'rooms',
      'removed-rooms',
      'removed-content',
    ];
    expect(order.filter((phase) => sorted.includes(phase))).toEqual(sorted);
  });
});

test('a parameter without a value, and one that is not given', () => {
  expect(
    cmdlet('Export-CsPersistentChatData', { DBInstance: 'sql\\rtc', Report: undefined, DisableExportedNodes: present })
      .text,
  ).toBe("Export-CsPersistentChatData -DBInstance 'sql\\rtc' -DisableExportedNodes");
});

test('what asks first may be told never to act', () => {
  const line = call(cmdlet('Import-CsPersistentChatData', { FileName: 'a.zip' }), 'a rehearsal', 'always');
  expect(line).toBe("Import-CsPersistentChatData -FileName 'a.zip' -WhatIf # a rehearsal");
});

test('a script only tells what it would do until it is applied', () => {
  const head = scriptHead(['Plan 1'], [{ name: 'Instance', about: 'sql\\instance' }]);
  expect(head.split('\r\n')).toEqual(
    expect.arrayContaining([
      '# Plan 1',
      '  [Parameter(Mandatory)] [string] $Instance,',
      '  [switch] $Apply',
      '$WhatIf = -not $Apply',
    ]),
  );
});

test('no text leaves its comment', () => {
  expect(remark('one\r\nRemove-Item *\u2028\u0085two\u202e')).toBe('# one Remove-Item * two');
});

import { coexistenceOf } from './coexistence-rules.js';

const legacy = { generation: 'lync-2010', status: 'active', legacyEndpoints: [] } as const;
const target = { generation: 'lync-2013', status: 'active', legacyEndpoints: [] } as const;

test('the Lync 2013 client reaches only Lync 2013 deployments', () => {
  expect(coexistenceOf('lync-2013', legacy)).toEqual({ reaches: false, condition: 'otherGeneration' });
  expect(coexistenceOf('lync-2013', target)).toEqual({ reaches: true, condition: 'ready' });
});

test('a Group Chat client reaches a Lync 2013 deployment only through a legacy endpoint', () => {
  expect(coexistenceOf('group-chat-2010', target)).toEqual({ reaches: false, condition: 'needsEndpoint' });
  const endpoints = { ...target, legacyEndpoints: ['sip:ocschat@contoso.com'] };
  expect(coexistenceOf('group-chat-2007-r2', endpoints)).toEqual({ reaches: true, condition: 'throughEndpoint' });
  expect(coexistenceOf('group-chat-2010', legacy)).toEqual({ reaches: true, condition: 'always' });
});

test('nothing reaches what is decommissioned', () => {
  expect(coexistenceOf('group-chat-2010', { ...legacy, status: 'decommissioned' }).reaches).toBe(false);
});

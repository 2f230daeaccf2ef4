import { addressOf, timelineAddress, usersAddress } from './subject.js';

test.each([
  ['pool:ocs01.contoso.com', '/pools/ocs01.contoso.com', undefined],
  ['user:sip:alice@contoso.com', '/users/alice%40contoso.com', undefined],
  ['deployment:chat13.contoso.com', '/deployments/chat13.contoso.com', undefined],
  [
    'room:chat10.contoso.com/FX / London',
    '/content',
    { deployment: 'chat10.contoso.com', show: 'rooms', find: 'FX / London' },
  ],
])('%s leads to %s', (subject, to, search) => {
  expect(addressOf(subject)).toEqual(search ? { to, search } : { to });
});

test('what has no page leads nowhere', () => {
  expect(addressOf('estate')).toBeUndefined();
  expect(addressOf('command:42')).toBeUndefined();
});

test('filters and subjects become search texts, quoted where they have spaces', () => {
  expect(usersAddress({ site: 'Saint Petersburg', ready: 'false' }).search).toEqual({
    find: 'site:"Saint Petersburg" ready:false',
  });
  expect(timelineAddress('pool:ocs01.contoso.com').search).toEqual({ find: 'subject:pool:ocs01.contoso.com' });
});

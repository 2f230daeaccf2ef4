import { consolePages } from '#server/console/console-pages';
import { pageAt, pages } from './pages.js';

describe('the pages', () => {
  it('have the addresses that the server answers', () => {
    expect(Object.keys(pages).toSorted()).toEqual(consolePages.map((path) => path.replaceAll(':', '$')).toSorted());
  });

  it('are found by their address', () => {
    expect(pageAt('/')?.page).toBe(pages['/']);
    expect(pageAt('/users')?.page).toBe(pages['/users']);
    expect(pageAt('/users/sip:alice@contoso.com')).toEqual({
      page: pages['/users/$user'],
      params: { user: 'sip:alice@contoso.com' },
    });
    expect(pageAt('/users/%D0%B0%2Fb@contoso.com')?.params).toEqual({ user: 'а/b@contoso.com' });
  });

  it('are none where the address is nobody’s', () => {
    expect(pageAt('/userz')).toBeUndefined();
    expect(pageAt('/users/a/b')).toBeUndefined();
    expect(pageAt('/users/')).toBeUndefined();
    expect(pageAt('/users/%E0%A4')).toBeUndefined();
    expect(pageAt('//users')).toBeUndefined();
  });
});

import { consolePages } from '#server/console/console-pages';
import { pageAt, pages } from './pages.js';

describe('the pages', () => {
  it('have the addresses that the server answers', () => {
    expect(Object.keys(pages).toSorted()).toEqual(consolePages.map((path) => path.replaceAll(':', '$')).toSorted());
  });

  it('are found by their address', () => {
    expect(pageAt('/')).toBe(pages['/']);
    expect(pageAt('/users')).toBe(pages['/users']);
    expect(pageAt('/users/sip:alice@contoso.com')).toBe(pages['/users/$user']);
  });

  it('are none where the address is nobody’s', () => {
    expect(pageAt('/userz')).toBeUndefined();
    expect(pageAt('/users/a/b')).toBeUndefined();
    expect(pageAt('/users/')).toBeUndefined();
  });
});

import { given, happened } from '../../kernel/src/testing.js';
import { registerSiteCommand } from './register-site.js';
import { siteStream } from './site.js';

const redmond = happened(siteStream('Redmond'), { type: 'SiteRegistered', data: { site: 'Redmond' } });

test('given nothing, when a site is registered, then it is', async () => {
  const told = await given().when(registerSiteCommand, { site: 'Saint Petersburg' });
  expect(told.events).toEqual([{ type: 'SiteRegistered', data: { site: 'Saint Petersburg' } }]);
  expect(told.streams).toEqual(['site-saint petersburg']);
});

test('given a site, when it is registered in another case, then unchanged', async () => {
  const story = given(redmond);
  expect((await story.when(registerSiteCommand, { site: 'REDMOND' })).outcome).toBe('unchanged');
  expect(story.state(siteStream('redmond'))).toEqual({ site: 'Redmond' });
});

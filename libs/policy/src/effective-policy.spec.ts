import type { PolicyId } from '#kernel';
import { effectivePolicy } from './effective-policy.js';

const says = (policy: string, enabled: boolean) => ({ policy: policy as PolicyId, enabled });
const global = says('global', true);
const site = says('site:Redmond', true);

test('a granted policy overrides completely, also when it says no', () => {
  expect(effectivePolicy(says('tag:Traders', false), site, global)).toEqual(says('tag:Traders', false));
});

test("without a grant the home site's policy counts, also when it says no", () => {
  expect(effectivePolicy(null, says('site:Redmond', false), global)).toEqual(says('site:Redmond', false));
});

test('without grant and site policy the global one counts', () => {
  expect(effectivePolicy(null, undefined, global)).toEqual(global);
});

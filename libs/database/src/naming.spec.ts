import { expect, test } from '@jest/globals';
import { camel, camelRow } from './naming.js';

test.each([
  ['id', 'id'], ['tenant_id', 'tenantId'], ['last_inbound_seq', 'lastInboundSeq'], ['up_to_seq', 'upToSeq'], ['part_2', 'part2'], ['_id', 'Id'],
  ['alreadyCamel', 'alreadyCamel'], ['', ''],
])('the column %j is %j in the code', (name, expected) => {
  expect(camel(name)).toBe(expected);
  expect(camel(name)).toBe(expected);
});

test('a row keeps its values, whatever they are', () => {
  const at = new Date();
  const row = { tenant_id: 'a', created_at: at, payload: { inner_key: 1 }, gone: null };
  expect(camelRow(row)).toEqual({ tenantId: 'a', createdAt: at, payload: { inner_key: 1 }, gone: null });
});

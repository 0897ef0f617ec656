import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('any page may load the widget, small, once', async () => {
  const answer = await fetch(`${house.url}/widget.js`, { headers: { 'Accept-Encoding': 'gzip' } });
  const script = await answer.text();
  expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(35_000);
  expect(Object.fromEntries(['content-type', 'content-encoding', 'access-control-allow-origin', 'cross-origin-resource-policy', 'vary'].map((name) => [name, answer.headers.get(name)]))).toEqual({
    'content-type': 'text/javascript; charset=utf-8', 'content-encoding': 'gzip', 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin', vary: 'Accept-Encoding',
  });
  expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=\d+/);
  const again = await fetch(`${house.url}/widget.js`, { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': answer.headers.get('etag')!, 'Cache-Control': 'max-age=0' } });
  expect([again.status, (await again.text()).length]).toEqual([304, 0]);
  for (const encoding of ['br', 'identity']) {
    const other = await fetch(`${house.url}/widget.js`, { headers: { 'Accept-Encoding': encoding } });
    expect(await other.text() === script).toBe(true);
    expect(other.headers.get('etag')).not.toBe(answer.headers.get('etag'));
  }
});

test('its looks are shown to pages that it is for, and no visitor begins by that', async () => {
  const visitor = await house.visitor();
  const look = (origin?: string, key = visitor.widgetKey): Promise<Response> =>
    fetch(`${house.url}/api/chat/widgets/${key}`, { headers: origin ? { Origin: origin } : {} });
  expect(await (await look(visitor.origin)).json()).toEqual(visitor.session.widget);
  expect((await look(visitor.origin)).headers.get('access-control-allow-origin')).toBe(visitor.origin);
  for (const [origin, key] of [['https://evil.example', visitor.widgetKey], [undefined, visitor.widgetKey], [visitor.origin, 'wk_nobody_has_this']]) {
    expect((await look(origin, key)).status).toBe(403);
  }
  expect(await house.database.query('select count(*)::int as visitors from visitors')).toEqual([{ visitors: 1 }]);
  await house.expectQuiet();
});

import { createHash, createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { formParameters, isSignedByTwilio } from './signature.js';

// Vectors of twilio-node's own tests (spec/validation.spec.js and spec/unit/webhooks/webhooks.spec.js at 45d3d65), retyped.
const TOKEN = '12345';
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json; charset=utf-8';
const URL_ = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const CALL: [string, string][] = [
  ['CallSid', 'CA1234567890ABCDE'], ['Caller', '+14158675309'], ['Digits', '1234'], ['From', '+14158675309'], ['To', '+18005551212'],
];
const BINDING = 'MessagingBinding.Address';
const at = (...changes: [string, string][]): string => changes.reduce((url, [from, to]) => url.replace(from, to), URL_);

const form = (pairs: [string, string][]): Buffer => Buffer.from(new URLSearchParams(pairs).toString());

test.each<[string, string, [string, string][], string | undefined, boolean]>([
  ['default parameters', URL_, CALL, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', true],
  ['its parameters in another order', URL_, [...CALL].reverse(), 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', true],
  ['another signature', URL_, CALL, 'WRONG_SIGNATURE', false],
  ['no signature', URL_, CALL, undefined, false],
  ['an empty signature', URL_, CALL, '', false],
  ['a longer signature that begins right', URL_, CALL, 'RSOYDt4T1cUTdK1PDd93/VVr8B8==', false],
  ['https with a port, signed without it', at(['.com/', '.com:1234/']), CALL, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', true],
  ['http with a port, signed with it', at(['https', 'http'], ['.com/', '.com:1234/']), CALL, 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU=', true],
  ['https without a port, signed with :443', URL_, CALL, 'kvajT1Ptam85bY51eRf/AJRuM3w=', true],
  ['http without a port, signed with :80', at(['https', 'http']), CALL, '0ZXoZLH/DfblKGATFgpif+LLRf4=', true],
  ['user and password', at(['//', '//user:pass@']), CALL, 'CukzLTc1tT5dXEDIHm/tKBanW10=', true],
  ['user only', at(['//', '//user@']), CALL, '2YRLlVAflCqxaNicjMpJcSTgzSs=', true],
  ['user and password, signed with :443', at(['//', '//user:pass@']), CALL, 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=', true],
  ['an apostrophe in the query', `${URL_}&Body=It's+amazing`, CALL, 'TfZzewPq8wqrGlMfyAud8+/IvJ0=', true],
  ['a repeated parameter', URL_, [[BINDING, '+1325xxxxxxx'], [BINDING, '+1415xxxxxxx']], '83O6e2vORAoJHUNzJjDWN1jz+BA=', true],
  ['a repeated parameter, other order', URL_, [[BINDING, '+1415xxxxxxx'], [BINDING, '+1325xxxxxxx']], '83O6e2vORAoJHUNzJjDWN1jz+BA=', true],
  ['a value twice; names that begin alike', URL_,
    [['Sid', 'CA123'], ['SidAccount', 'AC123'], ['Digits', '5678'], ['Digits', '1234'], ['Digits', '1234']], 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', true],
  ['a query changed after signing', `${URL_}&somethingUnexpected=true`, CALL, 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', false],
  ['a parameter changed after signing', URL_, [...CALL.slice(0, 4), ['To', '+18005551213']], 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', false],
  ['a parameter more than was signed', URL_, [...CALL, ['Extra', '']], 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', false],
])('a form with %s', (_, url, pairs, signature, valid) => {
  expect(isSignedByTwilio({ url, signature, rawBody: form(pairs), contentType: FORM }, [TOKEN])).toBe(valid);
});

const BODY = '{"property": "value", "boolean": true}';
const HASH = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';
const EMPTY_HASH = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

test.each<[string, string, string, string, boolean]>([
  ['its hash in the url', `${URL_}&bodySHA256=${HASH}`, BODY, 'a9nBmqA0ju/hNViExpshrM61xv4=', true],
  ['an empty object', `${URL_}&bodySHA256=${EMPTY_HASH}`, '{}', 'Ldidvp12m26NI7eqEvxnEpkd9Hc=', true],
  ['nothing but its hash in the query', `https://mycompany.com/myapp.php?bodySHA256=${HASH}`, BODY, 'y77kIzt2vzLz71DgmJGsen2scGs=', true],
  ['its hash cut short', `${URL_}&bodySHA256=${HASH.slice(0, -1)}`, BODY, 'a9nBmqA0ju/hNViExpshrM61xv4=', false],
  ['no hash', URL_, BODY, 'a9nBmqA0ju/hNViExpshrM61xv4=', false],
  ['an empty hash', `${URL_}&bodySHA256=`, BODY, 'a9nBmqA0ju/hNViExpshrM61xv4=', false],
  ['another body', `${URL_}&bodySHA256=${HASH}`, BODY.replace('true', 'false'), 'a9nBmqA0ju/hNViExpshrM61xv4=', false],
  ['a body with one space more', `${URL_}&bodySHA256=${HASH}`, `${BODY} `, 'a9nBmqA0ju/hNViExpshrM61xv4=', false],
])('JSON with %s', (_, url, body, signature, valid) => {
  expect(isSignedByTwilio({ url, signature, rawBody: Buffer.from(body), contentType: JSON_TYPE }, [TOKEN])).toBe(valid);
});

test.each([[BODY, HASH, true], [BODY, 'WRONG_HASH', false], ['{}', EMPTY_HASH, true]])('the hash of %s is %s: %j', (body, hash, same) => {
  expect(createHash('sha256').update(body).digest('hex') === hash).toBe(same);
});

const PLAIN = 'https://example.com/path?test=param';
const PORT = 'https://example.com:443/path?test=param';
test.each([
  [PLAIN, `${PLAIN}2`, false], [PORT, PORT, true], [PORT, PLAIN, true], [PLAIN, PLAIN, true], [PLAIN, PORT, true],
  [`${PLAIN}'WithQuote`, `${PLAIN}'WithQuote`, true], [`${PLAIN}'WithQuote`, `${PLAIN}%27WithQuote`, true],
  [`${PLAIN}%27WithQuote`, `${PLAIN}'WithQuote`, true], [`${PLAIN}%27WithQuote`, `${PLAIN}%27WithQuote`, true],
])('signed for %s and received at %s: %j', (signed, received, valid) => {
  const signature = createHmac('sha1', 's3cr3t').update(signed).digest('base64');
  expect(isSignedByTwilio({ url: received, signature, rawBody: Buffer.alloc(0), contentType: undefined }, ['s3cr3t'])).toBe(valid);
});

test.each<[string, string[], boolean]>([
  ['its own token', [TOKEN], true],
  ['the next token of a rotation', ['the-old-one', TOKEN], true],
  ['the old token of a rotation', [TOKEN, 'the-new-one'], true],
  ['another account\'s token', ['54321'], false],
  ['an empty token', [''], false],
  ['no token at all', [], false],
])('a form is believed with %s: %j', (_, tokens, valid) => {
  const request = { url: URL_, signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', rawBody: form(CALL), contentType: FORM };
  expect(isSignedByTwilio(request, tokens)).toBe(valid);
});

test.each([FORM, JSON_TYPE])('an address that is no URL was not signed, with %s', (contentType) => {
  for (const url of ['https://mycompany.comhttp://elsewhere/myapp.php', 'https://mycompany.com:99999/', '']) {
    expect(isSignedByTwilio({ url, signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', rawBody: form(CALL), contentType }, [TOKEN])).toBe(false);
  }
});

const signed = (url: string, pairs: [string, string][]): string =>
  createHmac('sha1', TOKEN).update(url + [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map((pair) => pair.join('')).join('')).digest('base64');

test.each<[string, [string, string][]]>([
  ['that look nested', [['A[b]', '1'], ['A[c]', '2'], ['A[]', '3']]],
  ['that Object knows', [['__proto__', 'x'], ['constructor', 'y'], ['toString', 'z']]],
  ['with signs of every kind', [['Body', 'Grüße & 100 % 👍 +1'], ['Empty', '']]],
])('keys %s are read as they are signed', (_, pairs) => {
  const rawBody = form(pairs);
  expect(isSignedByTwilio({ url: URL_, signature: signed(URL_, pairs), rawBody, contentType: FORM }, [TOKEN])).toBe(true);
  expect(Object.entries(formParameters(rawBody))).toEqual(pairs);
});

test.each([[300, true], [301, false], [35_000, false]])('a rightly signed form of %i parameters is believed: %j; Twilio sends some dozens', (count, valid) => {
  const pairs = Array.from({ length: count }, (_, n): [string, string] => [`k${n}`, '1']);
  expect(isSignedByTwilio({ url: URL_, signature: signed(URL_, pairs), rawBody: form(pairs), contentType: FORM }, [TOKEN])).toBe(valid);
});

test('JSON may have any number of ampersands', () => {
  const body = `"${'&'.repeat(1_000)}"`;
  const url = `${URL_}&bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  expect(isSignedByTwilio({ url, signature: signed(url, []), rawBody: Buffer.from(body), contentType: JSON_TYPE }, [TOKEN])).toBe(true);
});

test('a form parameter that comes again has all its values, in their order', () => {
  expect({ ...formParameters(Buffer.from('A=1&B=x&A=2&A=2')) }).toEqual({ A: ['1', '2', '2'], B: 'x' });
});

test('a JSON body that calls itself a form proves nothing without a signature over its bytes', () => {
  const url = `${URL_}&bodySHA256=${HASH}`;
  const request = { url, signature: 'a9nBmqA0ju/hNViExpshrM61xv4=', rawBody: Buffer.from(BODY), contentType: FORM };
  expect(isSignedByTwilio(request, [TOKEN])).toBe(false);
});

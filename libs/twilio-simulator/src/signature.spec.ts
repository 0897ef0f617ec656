import { expect, test } from '@jest/globals';
import { bodySha256, signBody, signForm, type HookParams } from './signature.js';

// Vectors of twilio-node's own tests (spec/validation.spec.js at 45d3d65), retyped; the token is 12345 throughout.
const CALL: HookParams = {
  CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212',
};
const ADDRESSES = ['+1325xxxxxxx', '+1415xxxxxxx'];
const URL = 'https://mycompany.com/myapp.php?foo=1&bar=2';

test.each<[string, string, HookParams, string]>([
  ['plain', URL, CALL, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  ['a fragment, which is not signed', `${URL}#rc=2&rp=all`, CALL, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  ['port 443', URL.replace('.com/', '.com:443/'), CALL, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
  ['http and port 80', URL.replace('https', 'http').replace('.com/', '.com:80/'), CALL, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
  [
    'http and another port', URL.replace('https', 'http').replace('.com/', '.com:1234/'), CALL,
    'Zmvh+3yNM1Phv2jhDCwEM3q5ebU=',
  ],
  ['user and password', URL.replace('//', '//user:pass@'), CALL, 'CukzLTc1tT5dXEDIHm/tKBanW10='],
  [
    'user, password, port 443', URL.replace('//', '//user:pass@').replace('.com/', '.com:443/'), CALL,
    'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=',
  ],
  ['user only', URL.replace('//', '//user@'), CALL, '2YRLlVAflCqxaNicjMpJcSTgzSs='],
  ['an escaped apostrophe in the query', `${URL}&Body=It%27s+amazing`, CALL, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
  ['a plain apostrophe in the query', `${URL}&Body=It's+amazing`, CALL, 'dsq4Ehbj6cs+KdTkpF5sSSplOWw='],
  ['a repeated parameter', URL, { 'MessagingBinding.Address': ADDRESSES }, '83O6e2vORAoJHUNzJjDWN1jz+BA='],
  [
    'a repeated parameter in another order', URL, { 'MessagingBinding.Address': [...ADDRESSES].reverse() },
    '83O6e2vORAoJHUNzJjDWN1jz+BA=',
  ],
  [
    'a value given twice; names that begin alike', URL,
    { Sid: 'CA123', SidAccount: 'AC123', Digits: ['5678', '1234', '1234'] }, 'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
  ],
])('a form is signed: %s', (_, url, params, signature) => {
  expect(signForm('12345', url, params)).toBe(signature);
});

// Computed with the package (facts E.6, rows 15 to 17); the token is the same.
test.each<[string, string, HookParams, string]>([
  [
    'a GET', 'https://example.com/hook?EventType=onMessageAdded&ConversationSid=CH1', {},
    'O3T2SoKn8qt8OSaIHJBqe4s2VKQ=',
  ],
  ['an empty value', 'https://example.com/webhooks/twilio/conversations', {
    AccountSid: 'AC1', EventType: 'onMessageAdded', ConversationSid: 'CH1', Body: '', Attributes: '{}',
    'MessagingBinding.Address': '+15550001',
  }, 'Z+XfT/sQwDWW6ZMjDHXsQ7CI/xU='],
  ['a WebSocket', 'wss://example.com/media', {}, '7PR3qMkpDyEJtMrVOY/LDyNq8J8='],
  ['a WebSocket with a slash at the end', 'wss://example.com/media/', {}, 'T+WBXwUXC0/CyoZ1DA+p9ilZORs='],
])('a request is signed: %s', (_, url, params, signature) => {
  expect(signForm('12345', url, params)).toBe(signature);
});

test.each([
  [
    'behind other parameters', URL, '{"property": "value", "boolean": true}',
    '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620', 'a9nBmqA0ju/hNViExpshrM61xv4=',
  ],
  [
    'alone in the query', 'https://mycompany.com/myapp.php', '{"property": "value", "boolean": true}',
    '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620', 'y77kIzt2vzLz71DgmJGsen2scGs=',
  ],
  [
    'of an empty object', URL, '{}', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    'rw/jVviOgicj2+kHZULvebnA4ag=',
  ],
  [
    'of an empty object, port 443', URL.replace('.com/', '.com:443/'), '{}',
    '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', 'Ldidvp12m26NI7eqEvxnEpkd9Hc=',
  ],
])('a JSON body is signed by its hash %s', (_, url, body, hash, signature) => {
  expect(bodySha256(body)).toBe(hash);
  expect(signBody('12345', url, body)).toEqual({
    url: `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash}`, signature,
  });
});

test('another token, another order of words, another value: another signature', () => {
  const right = signForm('12345', URL, CALL);
  expect(signForm('54321', URL, CALL)).not.toBe(right);
  expect(signForm('12345', `${URL}&somethingUnexpected=true`, CALL)).not.toBe(right);
  expect(signForm('12345', URL, { ...CALL, Digits: '1235' })).not.toBe(right);
});

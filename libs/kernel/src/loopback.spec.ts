import { expect, test } from '@jest/globals';
import { isLoopback } from './loopback.js';

test.each([
  ['http://127.0.0.1:3000', true], ['http://localhost', true], ['http://LOCALHOST:3000/path', true], ['http://[::1]:3000', true], ['http://127.9.9.9', true],
  ['http://0x7f.1', true], ['https://hub.example.com', false], ['http://127.0.0.1.example.com', false], ['http://localhost.example.com', false],
  ['http://192.168.1.5:3000', false], ['http://127.0.0.1@example.com', false], ['http://0.0.0.0', false], ['localhost', false], ['null', false], ['', false],
])('%s leads to this machine alone: %j', (url, expected) => {
  expect(isLoopback(url)).toBe(expected);
});

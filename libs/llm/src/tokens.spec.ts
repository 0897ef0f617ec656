import { expect, test } from '@jest/globals';
import { estimateTokens } from './tokens.js';

// What o200k_base (GPT-4o and later) makes of the same texts.
test.each([
  ['Hello, I would like to book an appointment with Dr. Patel next Tuesday at ten.', 18],
  ['Guten Tag, ich möchte gern für nächsten Dienstag um zehn Uhr einen Termin vereinbaren.', 19],
  ['你好，我想预约下周二上午十点看医生。第一次就诊的费用是多少？诊所附近可以停车吗？', 27],
  ['안녕하세요, 다음 주 화요일 오전 열 시에 진료 예약을 하고 싶습니다. 초진 비용은 얼마인가요?', 27],
  ['+15551230199 4471229934', 10],
])('%s: on the safe side, within twice', (text, tokens) => {
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens);
  expect(estimateTokens(text)).toBeLessThanOrEqual(tokens * 2);
});

test('nothing costs nothing, and anything at least one', () => {
  expect(estimateTokens('')).toBe(0);
  expect(estimateTokens('a')).toBe(1);
});
